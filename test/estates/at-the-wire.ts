/** Generated estates in a playground: edited by a person, repaired by the built app, and judged from what ARM shows. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { startGuarded } from '../e2e/guarded-estate';
import type { Finding } from '../../shared/finding';
import type { Incident } from '../../shared/incident';
import type { EstateBlueprint } from './blueprint';
import { buildEstate, policyForAny } from './build/estate';
import type { Resource } from './build/resource';
import { arbitraryCase, type CasePlan, nameOfCase, playEdits } from './case';
import { type Course, wrongs } from './judge/verdict';
import { findingsIn, policyOf } from './pass';

export interface WireCourse extends Course {
  readonly name: string;
  readonly wrongs: readonly string[];
}

export interface WireEstates {
  readonly play: (plan: CasePlan, index: number) => Promise<WireCourse>;
  readonly close: () => Promise<void>;
}

/** The app reads one policy and watches the same subscriptions throughout: two hubs, and the networks shared out. */
export function casesForTheWire(count: number, seed: number): CasePlan[] {
  return fc.sample(arbitraryCase(), { numRuns: count, seed }).map((plan) => ({
    ...plan,
    blueprint: overTwo(plan.blueprint),
  }));
}

function overTwo({ hubs, spokes }: EstateBlueprint): EstateBlueprint {
  const [hub] = hubs;
  if (!hub) throw new RangeError('an estate without a hub');
  return {
    subscriptions: 2,
    hubs: [
      { ...hub, subscription: 0 },
      { ...(hubs[1] ?? hub), subscription: 1 },
    ],
    spokes,
  };
}

/** Starts the playground with the built app: `npm run build` has to have been run. */
export async function startWireEstates(first: CasePlan): Promise<WireEstates> {
  const folder = mkdtempSync(join(tmpdir(), 'estates-'));
  const [policyFile, estateFile] = [join(folder, 'policy.yaml'), join(folder, 'estate.json')];
  const data = policyForAny();
  const { resources, locks } = buildEstate(first.blueprint);
  // JSON is YAML.
  writeFileSync(policyFile, JSON.stringify(data));
  writeFileSync(estateFile, JSON.stringify([...resources, ...locks]));
  const guarded = await startGuarded({ estate: estateFile, policy: policyFile });
  const policy = policyOf(data);

  async function state(): Promise<Resource[]> {
    return (await guarded.resources()).map((each): Resource => ({ ...each }));
  }

  async function play(plan: CasePlan, index: number): Promise<WireCourse> {
    const estate = buildEstate(plan.blueprint);
    await guarded.reset([...estate.resources, ...estate.locks]);
    // Nobody looks before everything is changed; then, now and then, the first write of the app comes second.
    await guarded.control('POST', 'faults', { events: { hold: true } });
    const {
      before,
      after: drifted,
      edits,
    } = await playEdits(plan.edits, {
      async send({ method, id, body }) {
        const { status } = await guarded.asPerson('Dana Ops', method, id, body);
        return status < 300;
      },
      state,
    });
    await guarded.control('POST', 'faults', index % 3 === 2 ? { rules: [SOMEBODY_WAS_FASTER] } : {});
    await guarded.rest();
    // What is changed in one subscription and shows in another one is found there by the sweep.
    if (isUntold(findingsIn(await state(), policy), await guarded.incidents())) await guarded.sweep();
    const after = await state();
    const incidents = await guarded.incidents();
    const left = findingsIn(after, policy);
    const course: Course = {
      before,
      drifted,
      after,
      edits,
      repairs: incidents.flatMap(({ repairs }) => repairs),
      held: incidents.flatMap(({ held }) => held),
      left,
      ...(estate.locks.length > 0 && { hasLocks: true }),
    };
    const unfinished = incidents.filter(({ status }) => status === 'open' || status === 'failed');
    const ends = unfinished.map(({ status, outcomes }) => `an incident is ${status}: ${JSON.stringify(outcomes)}`);
    const silent = edits.length > 0 ? [] : ends;
    return {
      ...course,
      name: nameOfCase({ edits }),
      wrongs: [...wrongs(course), ...(estate.locks.length > 0 ? silent : ends)],
    };
  }

  return {
    play,
    async close() {
      await guarded.playground.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const SOMEBODY_WAS_FASTER = {
  match: { method: 'PUT', path: '^/subscriptions/' },
  times: 1,
  respond: {
    status: 412,
    code: 'PreconditionFailed',
    message: 'The condition specified using HTTP conditional header(s) is not met.',
  },
};

function isUntold(left: readonly Finding[], incidents: readonly Incident[]): boolean {
  const held = new Set(incidents.flatMap((incident) => incident.held.map(({ finding }) => finding.fingerprint)));
  return left.some(({ fingerprint }) => !held.has(fingerprint));
}
