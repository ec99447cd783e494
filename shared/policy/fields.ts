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

export const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'write the date as YYYY-MM-DD');

export const port = z.int().min(1).max(65535);

export const prefix = z.string().refine((text) => parsePrefix(text) !== undefined, {
  error: (issue) => `'${String(issue.input)}' is not an IP address, CIDR or range`,
});

/** Who answers for an exception, and until when it may stand without being looked at again. */
export const answeredFor = { owner: z.string().min(1), reviewBy: day };

export const guid = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, 'give the object id: a GUID')
  .transform((text) => text.toLowerCase());
