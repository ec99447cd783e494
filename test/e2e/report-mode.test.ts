/** Report mode: whatever a policy asks for, the setting is the ceiling, so nothing is ever written and everybody is told. */
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { inboundRule, nsgApp } from '../../playground/stories/scene';
import { byId, type GuardedEstate, lasting, startGuarded } from './guarded-estate';

// Every test waits for a whole playground to come to rest, on whatever machine it runs.
jest.setTimeout(30_000);

const openings = [
  { access: 'Allow', priority: 120, sourceAddressPrefix: 'Internet', destinationPortRange: '3389' },
  { access: 'Allow', priority: 121, sourceAddressPrefixes: ['0.0.0.0/1', '128.0.0.0/1'], destinationPortRange: '22' },
  { access: 'Allow', priority: 122, sourceAddressPrefix: 'VirtualNetwork', destinationPortRange: '3380-3390' },
];

describe.each(['report', 'off'])('in %s mode', (mode) => {
  let guarded: GuardedEstate;

  beforeAll(async () => {
    guarded = await startGuarded({ mode });
  });
  beforeEach(() => guarded.reset());
  afterAll(() => guarded.playground.close());

  async function open(number: number): Promise<void> {
    const properties = inboundRule(openings[number] ?? {});
    const answer = await guarded.asPerson('Dana Ops', 'PUT', `${nsgApp}/securityRules/allow-${number}`, { properties });
    expect(answer.status).toBe(201);
    await guarded.rest();
  }

  test('no drift is ever written to, and each is told once, as held', async () => {
    for (const number of openings.keys()) await open(number);
    const drifted = lasting(byId(await guarded.resources(), nsgApp));
    await guarded.sweep();
    await guarded.sweep();
    expect(guarded.writesByApp()).toEqual([]);
    expect(lasting(byId(await guarded.resources(), nsgApp))).toEqual(drifted);
    const { teams, mail } = guarded.playground.inbox();
    expect({ teams: teams.length, mail: mail.length }).toEqual({ teams: 3, mail: 3 });
    for (const [number, { text }] of teams.entries()) expect(text).toContain(`allow-${number}`);
    const incidents = await guarded.incidents();
    expect(incidents.map(({ status }) => status)).toEqual(['held', 'held', 'held']);
    const reasons = new Set(incidents.flatMap(({ held }) => held.map(({ hold }) => hold.reason)));
    expect([...reasons]).toEqual([mode === 'report' ? 'report-only' : 'off']);
  });
});
