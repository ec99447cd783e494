/** Faults of the inbox: the next deliveries are refused or slowed, as POST /playground/faults asks. */

import { isObject } from '../json';

/** `status`: the HTTP status or SMTP reply code to refuse with; `delayMs`: how long to wait before answering. */
export interface Fault {
  readonly status?: number;
  readonly delayMs?: number;
  /** How many deliveries it applies to. */
  times: number;
}

/** The fault that applies to the delivery at hand, counted down; undefined when it is used up. */
export function takeFault(fault: Fault | undefined): Fault | undefined {
  if (fault === undefined || fault.times <= 0) return undefined;
  fault.times -= 1;
  return fault;
}

/** Reads `{status, times, delayMs}`; `times` is 1 unless told, `null` clears. Throws on anything else. */
export function parseFault(name: string, value: unknown): Fault | undefined {
  if (value === null || value === undefined) return undefined;
  if (!isObject(value)) throw new Error(`${name} is not an object such as {"status":503,"times":1}`);
  const { status, times = 1, delayMs } = value;
  for (const [key, field] of Object.entries({ status, times, delayMs })) {
    if (field !== undefined && (typeof field !== 'number' || field < 0)) {
      throw new Error(`${name}.${key} is not a number: ${JSON.stringify(field)}`);
    }
  }
  if (status === undefined && delayMs === undefined) throw new Error(`${name} has neither status nor delayMs`);
  return { times: Number(times), ...optional('status', status), ...optional('delayMs', delayMs) };
}

function optional(key: 'status' | 'delayMs', value: unknown): Partial<Fault> {
  return value === undefined ? {} : { [key]: Number(value) };
}
