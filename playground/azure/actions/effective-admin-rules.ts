// Which security admin rules reach a virtual network: those of the groups of which it is a member.
import type { ArmAction } from '../action';
import { refuse } from '../arm-error';
import { isDeployed } from '../deployments';
import type { EstateView, Stored } from '../estate';
import type { JsonObject } from '../json';
import { listAt, objectAt, textAt } from '../json';
import { sameId } from '../resource-id';
import { viewResource } from '../view';
import type { World } from '../world';

const MANAGER = 'Microsoft.Network/networkManagers';
const CONFIGURATION = `${MANAGER}/securityAdminConfigurations`;
const COLLECTION = `${CONFIGURATION}/ruleCollections`;

/** Groups by static membership; what a policy adds to a group shows as a static member here. */
function groupsOf(networkId: string, estate: EstateView): readonly Stored[] {
  const members = estate
    .all(`${MANAGER}/networkGroups/staticMembers`)
    .filter(({ body }) => sameId(textAt(body, 'properties', 'resourceId'), networkId));
  return estate
    .all(`${MANAGER}/networkGroups`)
    .filter(({ id }) => members.some((member) => sameId(parentOf(member.id), id)));
}

function parentOf(id: string): string {
  return id.split('/').slice(0, -2).join('/');
}

function effective(
  rule: Stored,
  { groups, region }: { readonly groups: readonly Stored[]; readonly region: string },
  world: World,
): JsonObject | undefined {
  const { estate } = world;
  const collection = estate.exactly(parentOf(rule.id));
  const configuration = collection && estate.exactly(parentOf(collection.id));
  if (!collection || !configuration) return undefined;
  if (!isDeployed(estate, parentOf(configuration.id), configuration.id, region)) return undefined;
  const applies = listAt(collection.body, 'properties', 'appliesToGroups');
  const reached = groups.filter(({ id }) => applies.some((each) => sameId(textAt(each, 'networkGroupId'), id)));
  if (reached.length === 0) return undefined;
  const view = viewResource(rule, estate, world.operations.running);
  return {
    id: rule.id,
    kind: textAt(rule.body, 'kind') ?? 'Custom',
    configurationDescription: textAt(configuration.body, 'properties', 'description') ?? '',
    ruleCollectionDescription: textAt(collection.body, 'properties', 'description') ?? '',
    ruleCollectionAppliesToGroups: applies,
    ruleGroups: reached.map(({ id, body }) => ({ id, properties: objectAt(body, 'properties') })),
    properties: view.properties,
  };
}

/** One page of the rules that reach the network; the next follows by the `skipToken` that the request gives back. */
function rulesReaching(world: World, networkId: string, skipToken: string | undefined): JsonObject {
  const { estate } = world;
  const groups = groupsOf(networkId, estate);
  const reach = { groups, region: textAt(estate.exactly(networkId)?.body, 'location') ?? '' };
  const rules = estate.all(`${COLLECTION}/rules`).flatMap((rule) => effective(rule, reach, world) ?? []);
  const from = Number(skipToken ?? 0);
  if (!Number.isInteger(from)) throw refuse('InvalidSkipToken', `The skip token '${skipToken ?? ''}' is invalid.`);
  const next = from + world.faults.active().pageSize;
  const more = next < rules.length ? { skipToken: String(next) } : {};
  return { value: rules.slice(from, next), ...more };
}

export const effectiveAdminRules: ArmAction = {
  type: 'Microsoft.Network/virtualNetworks',
  name: 'listNetworkManagerEffectiveSecurityAdminRules',
  isLongRunning: false,
  isRaised: false,
  prepare:
    ({ world, id, body }) =>
    () =>
      rulesReaching(world, id, textAt(body, 'skipToken')),
};
