// Instances of scale sets: how many there are, and which of them follow the model already.
import type { EstateView, Stored } from './estate';
import type { JsonObject } from './json';
import { at, objectAt, sameText, textAt } from './json';
import { interfaceModels } from './kinds/scale-set';
import { isWithin } from './resource-id';
import type { Workshop } from './scale-set-interfaces';
import { applyModel, removeWithin } from './scale-set-interfaces';

const INSTANCE = 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines';

function numberOf(instance: Stored): number {
  return Number(instance.id.split('/').at(-1));
}

/** The instances of a set, by their number. */
export function instancesOf(estate: EstateView, setId: string): readonly Stored[] {
  const found = estate.all(INSTANCE).filter(({ id }) => isWithin(id, setId));
  return found.toSorted((left, right) => numberOf(left) - numberOf(right));
}

function capacityOf(body: JsonObject | undefined): number | undefined {
  const capacity = at(body, 'sku', 'capacity');
  return typeof capacity === 'number' ? capacity : undefined;
}

function setApplied({ estate }: Workshop, { id }: Stored, latestModelApplied: boolean): void {
  const standing = estate.exactly(id);
  if (!standing) return;
  const properties = { ...objectAt(standing.body, 'properties'), latestModelApplied };
  estate.put({ ...standing, body: { ...standing.body, properties } });
}

function makeInstance({ estate, set, newEtag }: Workshop, number: number): Stored {
  const properties = { latestModelApplied: true, provisioningState: 'Succeeded' };
  const instance: Stored = {
    ...set,
    id: `${set.id}/virtualMachines/${number}`,
    type: INSTANCE,
    name: `${set.name}_${number}`,
    etag: newEtag(),
    body: { location: textAt(set.body, 'location'), instanceId: String(number), properties },
  };
  estate.put(instance);
  return instance;
}

function scale(shop: Workshop, by: number): void {
  const instances = instancesOf(shop.estate, shop.set.id);
  const last = instances.at(-1);
  const next = last ? numberOf(last) + 1 : 0;
  for (let step = 0; step < by; step += 1) applyModel(shop, makeInstance(shop, next + step).id);
  if (by < 0) for (const { id } of instances.slice(by)) removeWithin(shop.estate, id);
}

/** Brings instances to the model of their set; those of the given numbers, or all of them. */
export function upgrade(shop: Workshop, numbers: readonly string[] = ['*']): void {
  for (const instance of instancesOf(shop.estate, shop.set.id)) {
    if (!numbers.includes('*') && !numbers.includes(String(numberOf(instance)))) continue;
    applyModel(shop, instance.id);
    setApplied(shop, instance, true);
  }
}

/**
 * After a write of a set: the others follow a changed model at once, unless the set upgrades manually; then instances come
 * by the model or go with its capacity. Flexible sets consist of machines of their own.
 */
export function settleInstances(shop: Workshop, before: Stored | undefined): void {
  const { estate, set } = shop;
  if (sameText(textAt(set.body, 'properties', 'orchestrationMode'), 'Flexible')) return;
  const isChanged = JSON.stringify(interfaceModels(before?.body)) !== JSON.stringify(interfaceModels(set.body));
  const isManual = sameText(textAt(set.body, 'properties', 'upgradePolicy', 'mode'), 'Manual');
  if (isChanged && isManual) for (const instance of instancesOf(estate, set.id)) setApplied(shop, instance, false);
  if (isChanged && !isManual) upgrade(shop);
  const was = capacityOf(before?.body) ?? 0;
  scale(shop, (capacityOf(set.body) ?? was) - was);
}
