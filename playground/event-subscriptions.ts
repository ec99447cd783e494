/** The event subscriptions of a deployment, read from the file that Bicep reads, so that both deliver the same events. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventSubscription } from './azure';
import { at, isObject, parseJson } from './json';
import { projectRoot } from './project-root';

/** Every event subscription of a deployment keeps what it gives up on here. */
const DEAD_LETTERS = 'guardrail-dead-letters';

/** The entries of `infra/event-filters.json`. Throws when the file has no list of subscriptions. */
export function deployedEventSubscriptions(): EventSubscription[] {
  const path = join(projectRoot(), 'infra/event-filters.json');
  const entries = at(parseJson(readFileSync(path, 'utf8')), 'eventSubscriptions');
  if (!Array.isArray(entries) || !entries.every(isEventSubscription)) {
    throw new Error(`${path} has no list of event subscriptions, each with a name and a function.`);
  }
  return entries.map((entry) => ({ deadLetterContainer: DEAD_LETTERS, ...entry }));
}

function isEventSubscription(value: unknown): value is EventSubscription {
  return isObject(value) && typeof value['name'] === 'string' && typeof value['function'] === 'string';
}
