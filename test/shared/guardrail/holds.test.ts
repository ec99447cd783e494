/** Nothing is written while the way of Bastion is not seen: whoever cannot see it could cut it off. */
import { describe, expect, test } from '@jest/globals';
import { BASTION_HOST, change, type Resource } from '../../estate';
import type { Gap } from '../../../shared/network/network';
import { adding, RDP, type Stage, stage } from './stage';

const ELSEWHERE = BASTION_HOST.replace('5ea1ab1e', 'aaaaaaaa');

interface Unseen {
  readonly name: string;
  readonly why: RegExp;
  readonly edit?: (resources: Resource[]) => Resource[];
  readonly gap?: Gap;
  readonly policy?: Readonly<Record<string, unknown>>;
}

function hostIs(state: string) {
  return (resources: Resource[]): Resource[] =>
    change(resources, 'bas-hub', (properties, host) => ({
      ...host,
      properties: { ...properties, provisioningState: state },
    }));
}

function without(name: string) {
  return (resources: Resource[]): Resource[] => resources.filter((each) => each.name !== name);
}

function withoutBastionSubnet(resources: Resource[]): Resource[] {
  return change(resources, 'vnet-hub', (properties, network) => ({
    ...network,
    properties: {
      ...properties,
      subnets: (properties.subnets as Resource[]).filter(({ name }) => name !== 'AzureBastionSubnet'),
    },
  }));
}

const UNSEEN: readonly Unseen[] = [
  { name: 'the pinned host is missing', why: /was not found/, edit: without('bas-hub') },
  {
    name: 'the pinned host must not be read',
    why: /could not be read/,
    edit: without('bas-hub'),
    gap: { resource: BASTION_HOST, what: 'not-read', why: 'AuthorizationFailed', touchesAdminPort: true },
  },
  { name: 'the pinned host is being updated', why: /the host is Updating/, edit: hostIs('Updating') },
  { name: 'the pinned host has failed', why: /the host is Failed/, edit: hostIs('Failed') },
  { name: 'its subnet is missing', why: /AzureBastionSubnet was not found/, edit: withoutBastionSubnet },
  {
    name: 'the pinned host is in another subscription, which nobody may read',
    why: /aaaaaaaa.*could not be read/,
    gap: { resource: ELSEWHERE, what: 'not-read', why: 'AuthorizationFailed', touchesAdminPort: true },
    policy: { bastionHosts: [ELSEWHERE] },
  },
  { name: 'one of two pinned hosts is missing', why: /aaaaaaaa/, policy: { bastionHosts: [BASTION_HOST, ELSEWHERE] } },
  { name: 'the policy pins none', why: /pins no Bastion host/, policy: { bastionHosts: [] } },
];

async function drifted({ edit, gap, policy }: Unseen): Promise<Stage> {
  const made = await stage();
  if (edit) made.tenant.replace(edit);
  if (gap) made.tenant.gaps = [gap];
  if (policy) made.context = (await stage({ policy })).context;
  made.tenant.edit('nsg-app', adding(RDP));
  return made;
}

describe('bastion-not-observed', () => {
  for (const unseen of UNSEEN) {
    test(`nothing is written: ${unseen.name}`, async () => {
      const { tenant, teams, event } = await drifted(unseen);
      await event();
      await event();
      expect(tenant.writes).toEqual([]);
      // Under another policy the rules for the old host are findings too, and standing ones.
      const told = teams.told
        .flatMap(({ held }) => held.map(({ hold }) => hold))
        .filter(({ reason }) => reason !== 'standing' && reason !== 'report-only');
      expect(new Set(told.map(({ reason }) => reason))).toEqual(new Set(['bastion-not-observed']));
      expect(told[0]?.detail).toMatch(unseen.why);
    });
  }

  test('it is repaired once the host is seen again', async () => {
    const { tenant, teams, toldTo, event } = await drifted({ name: '', why: /./, edit: hostIs('Updating') });
    await event();
    tenant.replace(hostIs('Succeeded'));
    await event();
    expect(toldTo(teams)).toEqual([
      'held: bastion-not-observed',
      'repaired: remove nsg-app/allow-rdp, which was not there when the state was accepted',
    ]);
  });

  test('a host in another subscription that is seen counts like any other', async () => {
    const { tenant, teams, toldTo, event } = await drifted({
      name: '',
      why: /./,
      policy: { bastionHosts: [ELSEWHERE] },
      edit: (resources) => change(resources, 'bas-hub', (_, host) => ({ ...host, id: ELSEWHERE })),
    });
    await event();
    expect(tenant.writes).toEqual(['nsg-app']);
    // The other control that is not content with such a host only reports.
    expect(toldTo(teams)).toEqual([expect.stringMatching(/^repaired: remove nsg-app\/allow-rdp(?:, report-only)?$/)]);
  });
});
