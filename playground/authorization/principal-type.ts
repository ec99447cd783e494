// The type of a principal in a request: what the directory knows, else what the caller says.
import { ArmError } from '../azure/arm-error';
import type { Asked } from './asked';
import type { PrincipalType } from './role';

const TYPES: readonly PrincipalType[] = ['User', 'Group', 'ServicePrincipal', 'ForeignGroup', 'Device'];

/** Reads a type as it is written in an estate or a request; anything else is taken for a user. */
export function readPrincipalType(text: string | undefined): PrincipalType {
  return TYPES.find((type) => type === text) ?? 'User';
}

/**
 * Refuses with 400 and `code` whoever is not in the directory, and a stated type that does not fit. With RBAC a stated type
 * is believed, for the sake of principals so new that not every copy of the directory knows them yet.
 */
export function principalTypeOf(
  { principals }: Asked,
  id: string,
  stated: string | undefined,
  code: 'PrincipalNotFound' | 'SubjectNotFound',
): PrincipalType {
  const known = principals.find(id);
  const isBelieved = code === 'PrincipalNotFound' && stated !== undefined;
  if (!known && principals.isComplete() && !isBelieved)
    throw new ArmError(400, code, `Principal ${id.replaceAll('-', '')} does not exist in the directory.`);
  if (known && stated !== undefined && stated !== known.type) {
    const message = `The principal ${id} is of type ${known.type}, not ${stated}.`;
    throw new ArmError(400, 'UnmatchedPrincipalType', message);
  }
  return known?.type ?? readPrincipalType(stated);
}
