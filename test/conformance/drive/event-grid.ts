// The system topic of the subscription's own events with its event subscriptions, for which no client is installed.
import { objectAt } from '../../../playground/azure/json';
import { follow, must } from './plain';
import type { Stage } from './stage';
import { SUBSCRIPTION } from './stage';

const API = 'api-version=2025-02-15';
const PROVIDER = 'providers/Microsoft.EventGrid/systemTopics';
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-guardrail`;
const TOPIC = `${GROUP}/${PROVIDER}/evgt-guardrail`;

/** Reads the topic and its subscriptions, and makes one more that goes again. */
export async function driveEventGrid(stage: Stage): Promise<void> {
  const lists = [`/subscriptions/${SUBSCRIPTION}/${PROVIDER}`, `${GROUP}/${PROVIDER}`, `${TOPIC}/eventSubscriptions`];
  const one = `${TOPIC}/eventSubscriptions/guardrail-nsg-changed`;
  for (const path of [...lists, TOPIC]) await must(stage, { method: 'GET', path: `${path}?${API}` });
  const { body } = await must(stage, { method: 'GET', path: `${one}?${API}` });
  const other = `${TOPIC}/eventSubscriptions/conformance?${API}`;
  const properties = objectAt({ body }, 'body', 'properties');
  await follow(stage, await must(stage, { method: 'PUT', path: other, body: { properties } }));
  await follow(stage, await must(stage, { method: 'DELETE', path: other }));
}
