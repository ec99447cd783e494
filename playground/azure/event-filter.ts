// Event subscriptions and which events pass their filters.
import { isObject, sameText } from './json';
import type { EventGridEvent } from './event';

export interface AdvancedFilter {
  readonly operatorType: string;
  readonly key: string;
  readonly values?: readonly (string | number)[];
  readonly value?: unknown;
}

/** One entry of `infra/event-filters.json`. */
export interface EventSubscription {
  readonly name: string;
  readonly function: string;
  readonly includedEventTypes?: readonly string[];
  readonly subjectBeginsWith?: string;
  readonly subjectEndsWith?: string;
  readonly advancedFilters?: readonly AdvancedFilter[];
  /** Blob container for its dead letters. */
  readonly deadLetterContainer?: string;
}

type TextTest = (actual: string, wanted: string) => boolean;

const POSITIVE: Readonly<Record<string, TextTest>> = {
  stringin: (actual, wanted) => actual === wanted,
  stringcontains: (actual, wanted) => actual.includes(wanted),
  stringbeginswith: (actual, wanted) => actual.startsWith(wanted),
  stringendswith: (actual, wanted) => actual.endsWith(wanted),
};

const NEGATIVE: Readonly<Record<string, TextTest>> = {
  stringnotin: (actual, wanted) => actual === wanted,
  stringnotcontains: (actual, wanted) => actual.includes(wanted),
  stringnotbeginswith: (actual, wanted) => actual.startsWith(wanted),
  stringnotendswith: (actual, wanted) => actual.endsWith(wanted),
};

function valueAt(event: EventGridEvent, key: string): string | undefined {
  let here: unknown = event;
  for (const step of key.split('.')) {
    if (!isObject(here)) return undefined;
    const match = Object.keys(here).find((candidate) => sameText(candidate, step));
    here = match === undefined ? undefined : here[match];
  }
  return typeof here === 'string' ? here.toLowerCase() : undefined;
}

function passes(event: EventGridEvent, filter: AdvancedFilter): boolean {
  const operator = filter.operatorType.toLowerCase();
  const wanted = (filter.values ?? []).map((value) => String(value).toLowerCase());
  const actual = valueAt(event, filter.key);
  const positive = POSITIVE[operator];
  if (positive) return actual !== undefined && wanted.some((value) => positive(actual, value));
  const negative = NEGATIVE[operator];
  if (negative) return actual === undefined || !wanted.some((value) => negative(actual, value));
  throw new Error(`The local Event Grid does not model the filter operator ${filter.operatorType}.`);
}

/** Refuses, with one sentence, an event subscription that Event Grid or this local one could not carry. */
export function checkSubscription(subscription: EventSubscription): void {
  const filters = subscription.advancedFilters ?? [];
  const count = filters.reduce((sum, filter) => sum + (filter.values?.length ?? 1), 0);
  if (filters.length > 25 || count > 25) {
    throw new Error(`Event subscription ${subscription.name} has more than 25 advanced filters or values.`);
  }
  for (const { operatorType } of filters) {
    const known = operatorType.toLowerCase() in POSITIVE || operatorType.toLowerCase() in NEGATIVE;
    if (!known)
      throw new Error(`Event subscription ${subscription.name}: filter operator ${operatorType} is not modelled.`);
  }
}

/** True when the event passes; all filters must hold, and text compares without regard to case. */
export function wants(subscription: EventSubscription, event: EventGridEvent): boolean {
  const { includedEventTypes, subjectBeginsWith = '', subjectEndsWith = '', advancedFilters = [] } = subscription;
  const subject = event.subject.toLowerCase();
  return (
    (!includedEventTypes?.length || includedEventTypes.some((type) => sameText(type, event.eventType))) &&
    subject.startsWith(subjectBeginsWith.toLowerCase()) &&
    subject.endsWith(subjectEndsWith.toLowerCase()) &&
    advancedFilters.every((filter) => passes(event, filter))
  );
}
