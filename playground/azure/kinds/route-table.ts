// Microsoft.Network/routeTables with their routes, and the subnets that follow them.
import { parseRange } from '../address';
import { refuse } from '../arm-error';
import type { JsonObject } from '../json';
import { listAt, objectAt, textAt } from '../json';
import { referencesBack, usersOf } from './back-references';
import { plainKind } from './plain-kind';

const NEXT_HOPS = ['virtualnetworkgateway', 'vnetlocal', 'internet', 'virtualappliance', 'none'];

/** Refuses what ARM refuses of routes: an unknown next hop, an appliance without address, two routes for one prefix. */
function checkRoutes(properties: JsonObject): void {
  const prefixes = new Set<string>();
  for (const route of listAt(properties, 'routes')) {
    const id = textAt(route, 'id') ?? '';
    const prefix = textAt(route, 'properties', 'addressPrefix') ?? '';
    const hop = textAt(route, 'properties', 'nextHopType')?.toLowerCase() ?? '';
    if (!NEXT_HOPS.includes(hop))
      throw refuse('InvalidRequestFormat', `Cannot parse the request: nextHopType '${hop}' of route ${id} is unknown.`);
    // Besides a prefix, a route may name a service tag; a tag holds no slash.
    if (prefix === '' || (prefix.includes('/') && !parseRange(prefix)))
      throw refuse('InvalidAddressPrefixFormat', `Address prefix ${prefix} of route ${id} is not formatted correctly.`);
    if (hop === 'virtualappliance' && !parseRange(textAt(route, 'properties', 'nextHopIpAddress') ?? ''))
      throw refuse('RouteNextHopIpAddressMissing', `Route ${id} to a virtual appliance needs a next hop IP address.`);
    if (prefixes.has(prefix.toLowerCase()))
      throw refuse('RouteConflict', `Route ${id} conflicts with another route for ${prefix}.`);
    prefixes.add(prefix.toLowerCase());
  }
}

export const routeTable = plainKind({
  type: 'Microsoft.Network/routeTables',
  children: [{ name: 'routes', readOnly: false }],
  readOnly: ['subnets'],
  defaults: { disableBgpRoutePropagation: false },
  check: checkRoutes,
  computed(stored, estate) {
    const written = objectAt(stored.body, 'properties').subnets;
    const subnets = referencesBack(written, 'subnetWithRouteTable', stored.id, estate);
    return { subnets: subnets.length > 0 ? subnets : undefined };
  },
  checkDelete(stored, estate) {
    const [user] = usersOf('subnetWithRouteTable', stored.id, estate);
    if (!user) return;
    throw refuse(
      'InUseRouteTableCannotBeDeleted',
      `Route table ${stored.id} is in use and cannot be deleted: subnet ${user.id} follows it.`,
    );
  },
});
