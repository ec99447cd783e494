// The list of routes is honest: what it names is answered, what it leaves out is not.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { allActions } from '../../playground/azure/actions';
import { allKinds } from '../../playground/azure/kinds';
import type { Route } from '../../playground/azure/routes';
import { routesOf, routeTaken } from '../../playground/azure/routes';
import type { Running } from './azure/local-azure';
import { SUBSCRIPTION, code, group, start } from './azure/local-azure';

let running: Running;
const routes = routesOf();

beforeAll(async () => {
  running = await start();
});
afterAll(async () => await running.stop());

/** A path of the route: in the estate's group, with names that nothing has. */
function pathOf({ path }: Route): string {
  return path
    .replace('/{scope}', `/subscriptions/${SUBSCRIPTION}`)
    .replace('{subscription}', SUBSCRIPTION)
    .replace('{resourceGroup}', 'rg-app')
    .replace('{namespace}', 'Microsoft.Network')
    .replace('{location}', 'westeurope')
    .replaceAll(/\{[^}]+\}/g, 'nothing');
}

function spelt({ method, path }: Route): string {
  return `${method} ${path}`;
}

describe('routesOf', () => {
  test('names every kind, every collection of children and every action, each route once', () => {
    const types = new Set(routes.map(({ type }) => type));
    for (const { type, children } of allKinds()) {
      expect(types).toContain(type);
      for (const { name } of children) expect(types).toContain(`${type}/${name}`);
    }
    for (const { type, name } of allActions())
      expect(routes.filter((route) => route.type === type && route.path.endsWith(`/${name}`))).not.toEqual([]);
    expect(new Set(routes.map(spelt)).size).toBe(routes.length);
  });

  test('whatever it names is answered, and never with 501 or 405', async () => {
    const answers = await Promise.all(
      routes.map(async (route) => {
        const hasBody = ['PUT', 'PATCH', 'POST'].includes(route.method);
        const { status } = await running.send(route.method, pathOf(route), hasBody ? {} : undefined);
        return [spelt(route), status] as const;
      }),
    );
    expect(answers.filter(([, status]) => [405, 500, 501].includes(status))).toEqual([]);
  });

  test.each([
    ['PATCH', group('rg-hub', 'networkManagers', 'm/networkGroups/g')],
    ['PUT', group('rg-app', 'loadBalancers', 'lb/probes/p')],
    ['POST', group('rg-app', 'networkInterfaces', 'nic-vm-app-1/effectiveNetworkSecurityGroups')],
    ['POST', `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app/exportTemplate`],
    ['PUT', group('rg-app', 'expressRouteCircuits', 'er')],
    ['DELETE', `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app`],
  ])('leaves out %s %s, and so does the wire', async (method, path) => {
    expect(routeTaken(routes, { method, path })).toBeUndefined();
    const answer = await running.send(method, path, method === 'DELETE' ? undefined : {});
    expect(['NotImplemented', 'MethodNotAllowed', 'ParentResourceNotFound']).toContain(code(answer));
    expect([405, 501]).toContain(answer.status);
  });
});

describe('routeTaken', () => {
  test.each([
    ['GET', '/subscriptions?api-version=1', 'GET /subscriptions'],
    ['PURGE', '/subscriptions', ''],
    [
      'GET',
      '/subscriptions/s/resourcegroups/g/providers/microsoft.network/VIRTUALNETWORKS/v/subnets/s?x=1',
      '{virtualNetworksName}/subnets',
    ],
    ['POST', '/subscriptions/s/resourceGroups/g/moveResources', 'moveResources'],
    [
      'PUT',
      '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkInterfaces/n/providers/Microsoft.Authorization/locks/l',
      'locks',
    ],
  ])('%s %s takes its route', (method, path, expected) => {
    const route = routeTaken(routes, { method, path });
    expect(route === undefined ? '' : spelt(route)).toContain(expected);
  });
});
