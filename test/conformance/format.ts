// The string and number formats that the specifications use, as far as a validator can tell them.

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/i;
const DURATION = /^P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/;
const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const ARM_ID = /^\/(?:subscriptions|providers)(?:\/[^/]+)+$/i;

function isWhole(value: number, bits: number): boolean {
  return Number.isInteger(value) && Math.abs(value) <= 2 ** (bits - 1);
}

/** By name; a format that is not here says nothing about a value. */
export const FORMATS = {
  'arm-id': (text: string) => ARM_ID.test(text),
  date: (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)),
  'date-time': (text: string) => DATE_TIME.test(text) && !Number.isNaN(Date.parse(text)),
  duration: (text: string) => DURATION.test(text),
  uri: (text: string) => URL.canParse(text),
  url: (text: string) => URL.canParse(text),
  uuid: (text: string) => GUID.test(text),
  int32: { type: 'number', validate: (value: number) => isWhole(value, 32) },
  int64: { type: 'number', validate: (value: number) => isWhole(value, 64) },
} as const;

/** True when `id` is the id of a resource of one of the types; without regard to case, as ARM compares them. */
export function isIdOf(types: readonly string[], id: string): boolean {
  const [namespace = '', ...rest] = id.split('/providers/').at(-1)?.split('/') ?? [];
  const type = [namespace, ...rest.filter((_, index) => index % 2 === 0)].join('/').toLowerCase();
  return types.some((each) => each === '*' || each.toLowerCase() === type);
}
