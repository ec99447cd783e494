/** The laws that every control of the registry keeps, over estates and tenants on which each of them finds something. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { isIdentityAction, isNetworkAction } from '../../../shared/action';
import type { Checked, IdentityControl, NetworkControl } from '../../../shared/controls/control';
import { CONTROL_IDS, CONTROLS, evaluate, evaluateIdentity } from '../../../shared/controls';
import type { Remedy } from '../../../shared/finding';
import { identityAfter } from '../../../shared/identity/after';
import type { Identity } from '../../../shared/identity/identity';
import { type Network, keyOf } from '../../../shared/network/network';
import { readNetwork } from '../../../shared/network/read';
import { worldAfter, worldOf } from '../../../shared/network/world';
import { prove } from '../../../shared/remediation/prove';
import { arrivals } from '../../estates/judge/reach';
import { sketchOf } from '../../estates/judge/sketch';
import { applied } from '../../estates/pass';
import { hubAndSpoke, policyWith, type Resource } from '../../estate';
import { NOW, SIGN_IN_POLICY, signInAs, tenant } from '../../tenant';
import { BROKEN_ESTATES } from './broken-estates';
import { BREAKS } from './sign-in-break';

const NETWORK_CONTROLS = CONTROLS.filter((control): control is NetworkControl => control.kind === 'network');
const IDENTITY_CONTROLS = CONTROLS.filter((control): control is IdentityControl => control.kind === 'identity');
const POLICY = policyWith({ bastion: { client: 'native', fileTransfer: false, connectByAddress: false } });
const SIGN_IN = signInAs({ conditionalAccessPolicy: SIGN_IN_POLICY });
const NOTHING: readonly string[] = [];

/** Freezes all of it, maps and sets included as far as they can be. */
function frozen<T>(value: T, seen = new Set<unknown>()): T {
  if (typeof value !== 'object' || value === null || seen.has(value)) return value;
  seen.add(value);
  const inner = value instanceof Map ? [...value.values()] : value instanceof Set ? [...value] : Object.values(value);
  for (const each of inner) frozen(each, seen);
  return Object.freeze(value);
}

/** Text in which anything that changed shows. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => {
    if (each instanceof Map) return [...each];
    if (each instanceof Set) return [...each];
    return typeof each === 'bigint' ? each.toString() : each;
  });
}

function fingerprints({ findings }: Checked): string[] {
  return findings.map(({ fingerprint }) => fingerprint);
}

describe('the registry', () => {
  test('every id is there once', () => {
    expect([...CONTROL_IDS].toSorted()).toEqual([...new Set(CONTROL_IDS)].toSorted());
  });

  test.each(CONTROLS.map((control) => [control.id, control] as const))(
    '%s has a file and a test of its own, a reason and references',
    (id, { title, why, references }) => {
      const root = join(__dirname, '../../..');
      expect(existsSync(join(root, `shared/controls/${id}.ts`))).toBe(true);
      expect(existsSync(join(root, `test/shared/controls/${id}.test.ts`))).toBe(true);
      expect(title).toMatch(/^\p{Lu}/u);
      expect(why.length).toBeGreaterThan(60);
      expect(references.length).toBeGreaterThan(0);
      for (const each of references) expect(each).toMatch(/^https:\/\/learn\.microsoft\.com\//);
    },
  );

  test('a control that throws is a finding against itself, and a gap', () => {
    const broken: Network = {
      ...readNetwork(hubAndSpoke()).network,
      get virtualNetworks(): never {
        throw new Error('out of order');
      },
    };
    const { findings, gaps } = evaluate(broken, POLICY);
    expect(findings.length).toBeGreaterThan(0);
    for (const { control, resource, title, remedies } of findings) {
      expect([resource, title.includes(control), remedies]).toEqual([control, true, []]);
    }
    expect(gaps.map(({ what, touchesAdminPort }) => [what, touchesAdminPort])).toEqual(
      findings.map(() => ['control-failed', true]),
    );
  });
});

describe('network controls', () => {
  test('each of them finds something in one of these estates', () => {
    const found = BROKEN_ESTATES.flatMap(([, estate]) => evaluate(readNetwork(estate).network, POLICY).findings);
    const ids = new Set(found.map(({ control }) => control));
    expect(NETWORK_CONTROLS.map(({ id }) => id).filter((id) => !ids.has(id))).toEqual(NOTHING);
  });

  test.each(BROKEN_ESTATES)('on %s: the same every time, whatever the order, and nothing is changed', (_, estate) => {
    const { network } = readNetwork(estate);
    const before = textOf(network);
    const once = evaluate(frozen(network), POLICY);
    expect(evaluate(network, POLICY)).toEqual(once);
    expect(evaluate(readNetwork(estate).network, POLICY)).toEqual(once);
    const reversed = evaluate(readNetwork(estate.toReversed()).network, POLICY);
    expect(fingerprints(reversed).toSorted()).toEqual(fingerprints(once).toSorted());
    expect(textOf(network)).toBe(before);
    expect(new Set(fingerprints(once)).size).toBe(once.findings.length);
  });

  test.each(BROKEN_ESTATES)('on %s: each remedy ends its finding, and lets nobody in', (_, estate) => {
    const world = worldOf(readNetwork(estate).network, estate);
    for (const finding of evaluate(world.network, POLICY).findings) {
      for (const remedy of finding.remedies) {
        const after = worldAfter(world, remedy.actions.filter(isNetworkAction));
        expect(fingerprints(evaluate(after.network, POLICY))).not.toContain(finding.fingerprint);
        if (remedy.restoresBastion) continue;
        const { facts } = prove(world, finding, remedy, { policy: POLICY });
        expect(facts.find(({ claim }) => claim === 'nothing becomes reachable')).toMatchObject({ holds: true });
        expect(newcomers(estate, remedy)).toEqual(NOTHING);
      }
    }
  });
});

/** Packets that arrive only because of the remedy, found by trying. */
function newcomers(estate: readonly Resource[], { actions }: Remedy): string[] {
  const before = arrivals(sketchOf(estate));
  const after = arrivals(sketchOf(applied(estate, actions.filter(isNetworkAction))));
  return [...after.keys()].filter((key) => !before.has(key));
}

type Tenant = readonly [what: string, edit: (before: Identity) => Identity];
const BROKEN_TENANTS: readonly Tenant[] = [
  ...BREAKS.map(({ invariant, what, edit }): Tenant => [`(${invariant}) ${what}`, edit]),
  ['machines without the sign-in extension', (before) => ({ ...before, assets: before.assets.map(bare) })],
];

function bare(asset: Identity['assets'][number]): Identity['assets'][number] {
  return asset.kind === 'virtual-machine' ? { ...asset, extensions: [] } : asset;
}

describe('identity controls', () => {
  test('each of them finds something in one of these tenants', () => {
    const found = BROKEN_TENANTS.flatMap(([, edit]) => evaluateIdentity(edit(tenant()), SIGN_IN, NOW).findings);
    const ids = new Set(found.map(({ control }) => control));
    expect(IDENTITY_CONTROLS.map(({ id }) => id).filter((id) => !ids.has(id))).toEqual(NOTHING);
  });

  test.each(BROKEN_TENANTS)(
    '%s: the same every time, nothing is changed, and each remedy ends its finding',
    (_, edit) => {
      const identity = edit(tenant());
      const before = textOf(identity);
      const once = evaluateIdentity(frozen(identity), SIGN_IN, NOW);
      expect(evaluateIdentity(identity, SIGN_IN, NOW)).toEqual(once);
      expect(textOf(identity)).toBe(before);
      expect(new Set(fingerprints(once)).size).toBe(once.findings.length);
      for (const { fingerprint, remedies } of once.findings) {
        for (const { actions } of remedies) {
          const after = actions.filter(isIdentityAction).reduce(identityAfter, identity);
          expect(fingerprints(evaluateIdentity(after, SIGN_IN, NOW))).not.toContain(fingerprint);
        }
      }
    },
  );

  test('a control that throws is a finding against itself', () => {
    const broken = {
      ...tenant(),
      get principals(): never {
        throw new Error('out of order');
      },
      get assignments(): never {
        throw new Error('out of order');
      },
    };
    const { findings } = evaluateIdentity(broken, SIGN_IN, NOW);
    const failed = findings.filter(({ resource, control }) => keyOf(resource) === control);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.flatMap(({ remedies }) => remedies)).toEqual([]);
  });
});
