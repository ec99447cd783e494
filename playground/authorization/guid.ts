// Names of things in Microsoft.Authorization: GUIDs that the caller chooses.
import { ArmError } from '../azure/arm-error';

const GUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

/** The name in lower case; refuses with 400 what is no GUID. `what` names the kind of thing in the message. */
export function needGuid(name: string, what: string): string {
  if (GUID.test(name)) return name.toLowerCase();
  const code = `Invalid${what.replaceAll(/(?:^| )(\w)/g, (_, letter: string) => letter.toUpperCase())}Id`;
  throw new ArmError(400, code, `The ${what} ID '${name}' is not valid. The ${what} ID must be a GUID.`);
}
