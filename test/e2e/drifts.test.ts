/** Generated drifts, written to ARM by a person and repaired by the built app; an evaluator of its own judges what is left. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { listAt } from '../../playground/json';
import { keyOf } from '../../shared/network/network';
import { isRuleAction, ruleNameOf } from '../../shared/network/action';
import type { Incident } from '../../shared/incident';
import { type ArmResource, isSecurityGroup } from '../oracle/arm';
import { arbitraryDriftedEstate, bastionReach, type Drift, strangersReach } from '../oracle/drift';
import { bastionHostId } from '../oracle/estate/front-door';
import { byId, type GuardedEstate, lasting, rulesOf, startGuarded } from './guarded-estate';
import { spelledGroup, spelledRule } from './arm-spelling';
import { plantGroup, plantRule } from './planted';

// Every test waits for a whole playground to come to rest, on whatever machine it runs.
jest.setTimeout(30_000);

const seed = 20261124;
const count = Number(process.env['WIRE_DRIFTS'] ?? 5);
/** Why a drift of rules may be left to a person. Any other hold is a defect. */
const expectedHolds = ['gap', 'report-only', 'not-proven'];

const drifts = fc
  .sample(arbitraryDriftedEstate(), { seed, numRuns: 6 * count })
  .flatMap((drift) => asWritten(drift) ?? [])
  .slice(0, count);

/** The drift in a spelling that ARM takes, with properties that no model knows planted everywhere; undefined when ARM would refuse it. */
function asWritten(drift: Drift): Drift | undefined {
  const before = drift.before.map((resource) => {
    const spelled = isSecurityGroup(resource) ? spelledGroup(resource) : resource;
    return spelled && isSecurityGroup(resource) ? { ...resource, ...plantGroup(spelled) } : spelled;
  });
  const { body } = drift.write;
  const isRule = drift.write.id.includes('/securityRules/');
  const spelled = body && (isRule ? spelledRule(body) : spelledGroup(body));
  if (before.includes(undefined) || (body && !spelled)) return undefined;
  const written = spelled && (isRule ? plantRule(spelled) : plantGroup(spelled));
  return { ...drift, before: before as ArmResource[], write: { ...drift.write, ...(written && { body: written }) } };
}

describe(`${count} generated drifts at the wire`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'drifts-'));
  const tally: Record<string, number> = {};
  let guarded: GuardedEstate;

  beforeAll(async () => {
    const policy = join(folder, 'policy.yaml');
    const estate = join(folder, 'estate.json');
    const text = `version: 1\nbastionHosts:\n  - ${bastionHostId}\ncontrols:\n  admin-ports-only-from-bastion: remediate\n`;
    writeFileSync(policy, text);
    writeFileSync(estate, JSON.stringify(drifts[0]?.before ?? []));
    guarded = await startGuarded({ estate, policy });
  });
  afterAll(async () => {
    await guarded.playground.close();
    rmSync(folder, { recursive: true });
    process.stderr.write(`drifts at the wire: ${JSON.stringify(tally)}\n`);
  });

  function note(kind: string): void {
    tally[kind] = (tally[kind] ?? 0) + 1;
  }

  test.each(drifts.map((drift, index) => [`${index + 1}: ${drift.description.slice(0, 100)}`, drift] as const))(
    'drift %s',
    async (_, drift) => {
      await guarded.reset(drift.before);
      const before = await guarded.resources();
      const { status, body } = await guarded.asPerson('Dana Ops', drift.write.method, drift.write.id, drift.write.body);
      if (status >= 300) throw new Error(`ARM refused the drift: ${JSON.stringify(body)}`);
      await guarded.rest();
      const after = await guarded.resources();
      const incidents = await guarded.incidents();
      const held = incidents.flatMap((incident) => incident.held.map(({ hold }) => hold.reason));

      expect(held.filter((reason) => !expectedHolds.includes(reason))).toEqual([]);
      expect(incidents.map((incident) => incident.status).filter((end) => end === 'open' || end === 'failed')).toEqual(
        [],
      );
      expectOthersUntouched(before, after, drift);
      const drifted = rulesAfterDrift(before, drift, body);
      expectOnlyNamedRulesChanged(drifted, after, drift, incidents);

      const kept = new Set(bastionReach(after));
      expect(bastionReach(drift.after).filter((way) => !kept.has(way))).toEqual([]);
      const strangers = strangersReach(after);
      if (held.length === 0) expect(strangers).toEqual([]);

      const writes = guarded.writesByApp();
      expect(writes.length).toBeLessThanOrEqual(1);
      for (const write of writes)
        expect([write.method, keyOf(write.path), write.status < 300]).toEqual(['PUT', groupOf(drift), true]);
      const { teams, mail } = guarded.playground.inbox();
      expect([teams.length, mail.length]).toEqual([incidents.length, incidents.length]);
      if (strangers.length > 0) expect(teams).toHaveLength(1);
      note(writes.length > 0 ? 'repaired' : held.length > 0 ? 'held' : 'left alone');
    },
  );
});

function groupOf({ write }: Drift): string {
  return keyOf(write.id.replace(/\/securityRules\/.*$/, ''));
}

/** The rules of the drifted group as ARM held them between the drift and its repair. */
function rulesAfterDrift(before: readonly unknown[], drift: Drift, answer: unknown): Map<string, unknown> {
  if (!drift.write.id.includes('/securityRules/')) return rulesOf(answer);
  const rules = new Map<string, unknown>(rulesOf(byId(before, groupOf(drift))));
  const name = drift.write.id.slice(drift.write.id.lastIndexOf('/') + 1);
  if (drift.write.method === 'DELETE') rules.delete(name);
  else rules.set(name, answer);
  return rules;
}

function expectOthersUntouched(before: readonly ArmResource[], after: readonly ArmResource[], drift: Drift): void {
  const others = (resources: readonly ArmResource[]): unknown =>
    resources.filter(({ id }) => keyOf(id) !== groupOf(drift)).map(lasting);
  expect(others(after)).toEqual(others(before));
  const [was, is] = [byId(before, groupOf(drift)), byId(after, groupOf(drift))].map((group) => {
    const { properties, ...top } = lasting(group) as ArmResource & { properties: Record<string, unknown> };
    const { securityRules: _rules, ...rest } = properties;
    return { ...top, ...rest };
  });
  // What a person's PUT of the group leaves out is gone by that person's word, not the guardrail's.
  if (drift.write.id.includes('/securityRules/')) expect(is).toEqual(was);
  expect(is).toMatchObject({ plantedByTest: { keep: ['me', 1, null] } });
}

function expectOnlyNamedRulesChanged(
  drifted: ReadonlyMap<string, unknown>,
  after: readonly unknown[],
  drift: Drift,
  incidents: readonly Incident[],
): void {
  const named = new Set(
    incidents
      .flatMap((incident) => incident.repairs)
      .flatMap(({ remedy }) => remedy.actions.filter(isRuleAction).map((action) => ruleNameOf(action).toLowerCase())),
  );
  const group = byId(after, groupOf(drift));
  const unnamed = ([name]: readonly [string, unknown]): boolean => !named.has(name.toLowerCase());
  const now = [...rulesOf(group)].filter(unnamed);
  expect(lasting(now)).toEqual(lasting([...drifted].filter(unnamed)));
  for (const rule of listAt(group, 'properties', 'securityRules')) {
    const name = String((rule as { name?: unknown }).name);
    if (!drifted.has(name)) continue;
    expect(rule).toMatchObject({ plantedByTest: {}, properties: { plantedByTest: { keep: ['me', 1, null] } } });
  }
}
