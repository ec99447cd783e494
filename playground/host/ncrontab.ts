/** NCRONTAB: the six-field cron expressions of timer triggers (five fields mean: at second 0). */

/** A parsed schedule; times are in the host's local time, as the real host's are. */
export interface Schedule {
  /** The first occurrence strictly after `after`; undefined when there is none within ten years. */
  next(after: Date): Date | undefined;
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const second: Field = { name: 'second', min: 0, max: 59 };
const minute: Field = { name: 'minute', min: 0, max: 59 };
const hour: Field = { name: 'hour', min: 0, max: 23 };
const day: Field = { name: 'day', min: 1, max: 31 };
const month: Field = {
  name: 'month',
  min: 1,
  max: 12,
  names: 'january february march april may june july august september october november december'.split(' '),
};
const weekday: Field = {
  name: 'day of week',
  min: 0,
  max: 6,
  names: 'sunday monday tuesday wednesday thursday friday saturday'.split(' '),
};
const fields = [second, minute, hour, day, month, weekday];

/**
 * Parses an expression such as `0 0/5 * * * MON-FRI`. Day and day of week must both match (NCRONTAB's rule, unlike Unix
 * cron). Throws with the field and the offending text.
 */
export function parseNcrontab(expression: string): Schedule {
  const parts = expression.trim().split(/\s+/);
  const six = parts.length === 5 ? ['0', ...parts] : parts;
  if (six.length !== 6) {
    throw new Error(`'${expression}' is not a schedule: 6 fields expected (5 without seconds), got ${parts.length}.`);
  }
  const sets = fields.map((field, index) => parseField(six[index] ?? '', field));
  const matches = (index: number, value: number): boolean => sets[index]?.has(value) === true;

  function next(after: Date): Date | undefined {
    let at = new Date(after.getFullYear(), after.getMonth(), after.getDate(), after.getHours(), after.getMinutes());
    at.setSeconds(after.getSeconds() + 1, 0);
    const lastYear = after.getFullYear() + 10;
    while (at.getFullYear() <= lastYear) {
      const [year, monthIndex, date, hours, minutes] = partsOf(at);
      if (!matches(4, monthIndex + 1)) at = new Date(year, monthIndex + 1, 1);
      else if (!matches(3, date) || !matches(5, at.getDay())) at = new Date(year, monthIndex, date + 1);
      else if (!matches(2, hours)) at = later(at, new Date(year, monthIndex, date, hours + 1), 3_600_000);
      else if (!matches(1, minutes)) at = later(at, new Date(year, monthIndex, date, hours, minutes + 1), 60_000);
      else if (!matches(0, at.getSeconds())) at = new Date(at.getTime() + 1000);
      else return at;
    }
    return undefined;
  }

  return { next };
}

function partsOf(at: Date): [number, number, number, number, number] {
  return [at.getFullYear(), at.getMonth(), at.getDate(), at.getHours(), at.getMinutes()];
}

// When clocks go back, a local time exists twice and Date takes the first: without this the search would not advance.
function later(from: Date, to: Date, step: number): Date {
  return to.getTime() > from.getTime() ? to : new Date(from.getTime() + step);
}

function parseField(text: string, field: Field): ReadonlySet<number> {
  return new Set(text.split(',').flatMap((item) => parseItem(item, field)));
}

function parseItem(item: string, field: Field): number[] {
  const [range = '', stepText, ...rest] = item.split('/');
  const step = stepText === undefined ? 1 : Number(stepText);
  if (rest.length > 0 || !Number.isInteger(step) || step < 1) throw invalid(item, field);
  if (range === '*') return numbers(field.min, field.max, step);
  const [fromText = '', toText, ...more] = range.split('-');
  if (more.length > 0) throw invalid(item, field);
  const from = parseValue(fromText, item, field);
  if (toText !== undefined) {
    const to = parseValue(toText, item, field);
    return numbers(Math.min(from, to), Math.max(from, to), step);
  }
  return stepText === undefined ? [from] : numbers(from, field.max, step);
}

function parseValue(text: string, item: string, field: Field): number {
  const named = text.length < 3 ? -1 : (field.names ?? []).findIndex((name) => name.startsWith(text.toLowerCase()));
  if (named >= 0) return named + field.min;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < field.min || value > field.max) throw invalid(item, field);
  return value;
}

function numbers(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

function invalid(item: string, field: Field): Error {
  return new Error(`'${item}' is not a valid ${field.name} field (${field.min} to ${field.max}).`);
}
