// What the network provider accepts as a name.
import { refuse } from '../arm-error';

const NAME = /^\w(?:[\w.-]{0,78}\w)?$/;

/**
 * Refuses a name that Microsoft.Network would refuse: 1 to 80 characters, letters, digits, `_`, `.` and `-`, starting
 * with a word character and ending with one. Source: the resource name rules of Azure Resource Manager.
 */
export function checkName(name: string | undefined): void {
  if (name !== undefined && NAME.test(name)) return;
  throw refuse(
    'InvalidResourceName',
    `Resource name ${name ?? ''} is invalid. The name can be up to 80 characters long. It must begin with a word ` +
      "character, and it must end with a word character or with '_'. The name may contain word characters or '.', '-', '_'.",
  );
}

/** Refuses two children of one parent with the same name, whatever their casing. */
export function checkUniqueNames(names: readonly string[], parentId: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    const key = name.toLowerCase();
    if (seen.has(key)) {
      throw refuse(
        'InvalidRequestFormat',
        `Cannot parse the request. Resource ${parentId} has two child resources with the same name (${name}).`,
      );
    }
    seen.add(key);
  }
}
