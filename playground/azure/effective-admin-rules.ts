// Which security admin rules reach a virtual network: those of the groups of which it is a member.
import { refuse, resourceNotFound } from './arm-error';
import type { Answer } from './call';
import type { EstateView, Stored } from './estate';
import type { JsonObject } from './json';
import { listAt, objectAt, sameText, textAt } from './json';
import { resourceIdOf, sameId } from './resource-id';
import type { ResourcePath } from './target';
import { viewResource } from './view';
import type { World } from './world';

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

function effective(rule: Stored, groups: readonly Stored[], world: World): JsonObject | undefined {
  const { estate } = world;
  const collection = estate.exactly(parentOf(rule.id));
  const configuration = collection && estate.exactly(parentOf(collection.id));
  if (!collection || !configuration) return undefined;
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

/**
 * The answer to `listNetworkManagerEffectiveSecurityAdminRules`. Every configuration counts as deployed to every region,
 * in all the estate's subscriptions; pages follow by the `skipToken` that the request's body gives back.
 */
export function effectiveAdminRules(world: World, target: ResourcePath, skipToken: string | undefined): Answer {
  const { estate } = world;
  const id = resourceIdOf(target, target.type, target.names);
  const network = estate.exactly(id);
  if (!network || !sameText(network.type, target.type))
    throw resourceNotFound(`Microsoft.Network/virtualNetworks/${target.names.join('/')}`, target.resourceGroup);
  const groups = groupsOf(network.id, estate);
  const rules = estate.all(`${COLLECTION}/rules`).flatMap((rule) => effective(rule, groups, world) ?? []);
  const from = Number(skipToken ?? 0);
  if (!Number.isInteger(from)) throw refuse('InvalidSkipToken', `The skip token '${skipToken ?? ''}' is invalid.`);
  const next = from + world.faults.active().pageSize;
  const more = next < rules.length ? { skipToken: String(next) } : {};
  return { status: 200, body: { value: rules.slice(from, next), ...more } };
}
