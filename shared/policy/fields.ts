/** Kinds of values that stand at several places of the policy file. */
import { z } from 'zod';
import { parsePrefix } from '../network/address';

export const resourceId = z
  .string()
  .regex(/^\/subscriptions\/[^/]+(?:\/|$)/i, 'give the full resource id: /subscriptions/…');

export function idOfType(type: string): z.ZodString {
  const pattern = new RegExp(
    `^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.Network/${type}/[^/]+$`,
    'i',
  );
  return z.string().regex(pattern, `give the full resource id: /subscriptions/…/Microsoft.Network/${type}/NAME`);
}

/** The parser rolls 30 February over into March: a day exists if it comes back as it was written. */
function isRealDay(text: string): boolean {
  const time = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}

export const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'write the date as YYYY-MM-DD', abort: true })
  .refine(isRealDay, { error: (issue) => `there is no such day as ${String(issue.input)}` });

export const port = z.int('a port is a whole number').min(1, 'ports begin at 1').max(65535, 'ports end at 65535');

export const prefix = z
  .string()
  .refine((text) => parsePrefix(text) !== undefined, {
    error: (issue) => prefixProblem(String(issue.input)),
    abort: true,
  })
  .refine((text) => !/\/0+$/.test(text.trim()), {
    error: (issue) => `'${String(issue.input)}' is everybody: name the addresses that may try`,
  });

function prefixProblem(text: string): string {
  const families = new Set(text.split('-').map((end) => (end.includes(':') ? 'IPv6' : 'IPv4')));
  if (families.size > 1)
    return `'${text}' begins and ends in different families: write one range for IPv4, one for IPv6`;
  return `'${text}' is not an IP address, CIDR or range`;
}

/** Who answers for an exception, and until when it may stand without being looked at again. */
export const answeredFor = {
  owner: z.string().min(1, 'name who answers for it').describe('Who answers for it: a person, a team or a mailbox'),
  reviewBy: day.describe(
    'The last day, YYYY-MM-DD, by which somebody has to look at it again; after it people are told, and nothing is changed',
  ),
};

export const guid = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, 'give the object id: a GUID')
  .transform((text) => text.toLowerCase());

/** Names of the fields that a schema has at a place. */
export function fieldsAt(root: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let schema = unwrapped(root);
  for (const step of path) {
    if (schema instanceof z.ZodArray) schema = unwrapped(schema.element);
    else if (schema instanceof z.ZodObject) schema = unwrapped(schema.shape[String(step)]);
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function unwrapped(schema: unknown): unknown {
  const isWrapped =
    schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional;
  return isWrapped ? unwrapped(schema.unwrap()) : schema;
}
