// Microsoft.Network/loadBalancers: frontends, pools, rules and probes of one body, and who refers to whom.
import { invalidReference, refuse } from '../arm-error';
import type { EstateView, Stored } from '../estate';
import type { JsonObject } from '../json';
import { listAt, objectAt, sameText, textAt } from '../json';
import { referencesBack, usersOf } from './back-references';
import type { Reference } from './back-references';
import { checkPublicIp } from './ip-configuration';
import type { WriteContext } from './kind';
import { plainKind } from './plain-kind';

const TYPE = 'Microsoft.Network/loadBalancers';
const CHILDREN = [
  { name: 'frontendIPConfigurations', readOnly: true },
  { name: 'backendAddressPools', readOnly: false },
  { name: 'loadBalancingRules', readOnly: true },
  { name: 'probes', readOnly: true },
  { name: 'inboundNatRules', readOnly: false },
  { name: 'outboundRules', readOnly: true },
];

/** Which collections refer to a part of the load balancer, and by which property. */
const POINTERS = [
  ['loadBalancingRules', 'frontendIPConfiguration', 'frontendIPConfigurations'],
  ['loadBalancingRules', 'backendAddressPool', 'backendAddressPools'],
  ['loadBalancingRules', 'probe', 'probes'],
  ['inboundNatRules', 'frontendIPConfiguration', 'frontendIPConfigurations'],
  ['inboundNatRules', 'backendAddressPool', 'backendAddressPools'],
  ['inboundNatPools', 'frontendIPConfiguration', 'frontendIPConfigurations'],
  ['outboundRules', 'backendAddressPool', 'backendAddressPools'],
] as const;

function checkPointers(properties: JsonObject): void {
  for (const [collection, property, target] of POINTERS) {
    const ids = listAt(properties, target).map((entry) => textAt(entry, 'id'));
    for (const entry of listAt(properties, collection)) {
      const wanted = textAt(entry, 'properties', property, 'id');
      if (wanted && !ids.some((id) => sameText(id, wanted))) throw invalidReference(textAt(entry, 'id') ?? '', wanted);
    }
  }
}

function checkFrontends(properties: JsonObject, write: WriteContext): void {
  const frontends = listAt(properties, 'frontendIPConfigurations');
  const ownIds = frontends.map((frontend) => textAt(frontend, 'id') ?? '');
  for (const frontend of frontends) checkPublicIp(frontend, ownIds, textAt(frontend, 'id') ?? '', write.estate);
}

function checkPorts(properties: JsonObject): void {
  const taken = new Set<string>();
  for (const rule of [...listAt(properties, 'loadBalancingRules'), ...listAt(properties, 'inboundNatRules')]) {
    const { protocol, frontendPort } = objectAt(rule, 'properties');
    if (typeof frontendPort !== 'number' || frontendPort === 0) continue;
    const frontend = textAt(rule, 'properties', 'frontendIPConfiguration', 'id') ?? '';
    const key = `${frontend} ${String(protocol)} ${frontendPort}`.toLowerCase();
    if (taken.has(key)) {
      throw refuse(
        'RulesUseSameFrontendPortProtocolAndIPConfig',
        `Load balancer rule ${textAt(rule, 'id') ?? ''} uses the same frontend port, protocol and IP configuration as another rule.`,
      );
    }
    taken.add(key);
  }
}

function pointing(properties: JsonObject, collection: string, property: string, id: string): Reference[] {
  return listAt(properties, collection)
    .filter((entry) => sameText(textAt(entry, 'properties', property, 'id'), id))
    .map((entry) => ({ id: textAt(entry, 'id') ?? '' }));
}

function withPointers(entry: JsonObject, target: string, properties: JsonObject, extra: JsonObject = {}): JsonObject {
  const id = textAt(entry, 'id') ?? '';
  const back = POINTERS.filter(([, , pointed]) => pointed === target)
    .map(([collection, property]) => [collection, pointing(properties, collection, property, id)] as const)
    .filter(([, users]) => users.length > 0);
  return { ...entry, properties: { ...objectAt(entry, 'properties'), ...Object.fromEntries(back), ...extra } };
}

function written(entry: JsonObject, key: string): unknown {
  return objectAt(entry, 'properties')[key];
}

function computed(stored: Stored, estate: EstateView): JsonObject {
  const properties = objectAt(stored.body, 'properties');
  const part = (name: string): JsonObject[] => listAt(properties, name);
  return {
    frontendIPConfigurations: part('frontendIPConfigurations').map((entry) =>
      withPointers(entry, 'frontendIPConfigurations', properties),
    ),
    probes: part('probes').map((entry) => withPointers(entry, 'probes', properties)),
    backendAddressPools: part('backendAddressPools').map((entry) => {
      const id = textAt(entry, 'id') ?? '';
      const members = referencesBack(written(entry, 'backendIPConfigurations'), 'configurationInPool', id, estate);
      const extra = members.length > 0 ? { backendIPConfigurations: members } : {};
      return withPointers(entry, 'backendAddressPools', properties, extra);
    }),
    inboundNatRules: part('inboundNatRules').map((entry) => {
      const [target] = referencesBack(
        [written(entry, 'backendIPConfiguration')],
        'configurationWithNatRule',
        textAt(entry, 'id') ?? '',
        estate,
      );
      return withPointers(entry, '', properties, target ? { backendIPConfiguration: target } : {});
    }),
  };
}

export const loadBalancer = plainKind({
  type: TYPE,
  children: CHILDREN,
  parts: [{ name: 'inboundNatPools' }],
  topLevel: (body) => ({ sku: { name: 'Standard', tier: 'Regional', ...objectAt(body, 'sku') } }),
  check(properties, write) {
    checkPointers(properties);
    checkFrontends(properties, write);
    checkPorts(properties);
  },
  computed,
  checkDelete(stored, estate) {
    const pools = listAt(stored.body, 'properties', 'backendAddressPools').map((pool) => textAt(pool, 'id') ?? '');
    const user = pools.flatMap((pool) => usersOf('configurationInPool', pool, estate))[0];
    if (!user) return;
    throw refuse(
      'LoadBalancerInUse',
      `Load balancer ${stored.id} cannot be deleted because its backend address pool is in use by ${user.id}.`,
    );
  },
});
