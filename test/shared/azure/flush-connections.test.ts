import { afterEach, describe, expect, test } from '@jest/globals';
import type { NetworkAction } from '../../../shared/network/action';
import { isObject, propertiesOf } from '../../../shared/network/json';
import { hubAndSpoke, type Resource, rule, withRule } from '../../estate';
import { FREE_TURN } from './fixture';
import { idOf, type Stage, stage, type Staging } from './writing';

const NSG = idOf('rg-app', 'networkSecurityGroups/nsg-app');
const REMOVE: NetworkAction = { kind: 'remove-rule', securityGroup: NSG.toLowerCase(), rule: 'allow-ssh' };
const PUT = 'PUT networkSecurityGroups/nsg-app';

let on: Stage;
afterEach(() => on.close());

async function staged(staging: Staging = {}): Promise<void> {
  const estate: Resource[] = withRule(hubAndSpoke(), 'nsg-app', rule('allow-ssh', 150, { destinationPortRange: '22' }));
  on = await stage({ estate, options: { flushConnections: true }, ...staging });
}

async function flushNow(): Promise<unknown> {
  return propertiesOf(await on.arm('GET', NSG)).flushConnection;
}

describe('connections that are open when a rule is taken away', () => {
  test('are judged again: the property is on for the repair, and put back by a second write', async () => {
    await staged();
    const snapshot = await on.observe();
    const [outcome] = await on.apply(snapshot, REMOVE);
    expect(outcome).toMatchObject({
      status: 'applied',
      changes: [
        { rule: 'allow-ssh' },
        { setting: 'flushConnection', before: 'false', after: 'true, then false again' },
      ],
    });
    expect(await on.writes()).toEqual([`${PUT} → 200`, `${PUT} → 200`]);
    expect(await flushNow()).not.toBe(true);
    const again = await on.tenant.lookAgain(snapshot, [NSG.toLowerCase()]);
    const seen = again.resources.filter(isObject).find(({ id }) => id === NSG);
    expect(seen).toMatchObject({ etag: (await on.arm('GET', NSG)).etag });
  });

  test('are not asked about where the group has them judged anyway, or where the policy does not want it', async () => {
    await staged();
    await on.edit(NSG, () => ({ flushConnection: true }));
    const [outcome] = await on.apply(await on.observe(), REMOVE);
    expect(outcome?.changes).toHaveLength(1);
    expect(await on.writes()).toEqual([`${PUT} → 200`]);
    expect(await flushNow()).toBe(true);
    await on.close();
    await staged({ options: {} });
    await on.apply(await on.observe(), REMOVE);
    expect(await on.writes()).toEqual([`${PUT} → 200`]);
  });

  test('stay up where Azure does not take the property, and the repair is made without it', async () => {
    await staged();
    const respond = { status: 400, code: 'FlushConnectionNotSupported', message: 'not in this region' };
    await on.control('faults', { rules: [{ match: { method: 'PUT' }, times: 1, respond }] });
    const [outcome] = await on.apply(await on.observe(), REMOVE);
    expect(outcome).toMatchObject({ status: 'applied', changes: [{ rule: 'allow-ssh' }] });
    expect(await on.writes()).toEqual([`${PUT} → 400`, `${PUT} → 200`]);
  });

  test('a halt in between leaves the property on, and the record says so', async () => {
    let asked = 0;
    const mayWrite = async () => (++asked > 1 ? 'writes are halted' : undefined);
    await staged({ turn: { ...FREE_TURN, mayWrite } });
    const [outcome] = await on.apply(await on.observe(), REMOVE);
    expect(outcome).toMatchObject({
      status: 'applied',
      changes: [{ rule: 'allow-ssh' }, { setting: 'flushConnection', before: 'false', after: 'true' }],
    });
    expect(await flushNow()).toBe(true);
  });

  test("a colleague's edit between the two writes stays", async () => {
    let asked = 0;
    const mayWrite = async () => {
      if (++asked === 2) await on.arm('PUT', NSG, { ...(await on.arm('GET', NSG)), tags: { colleague: 'was here' } });
      return undefined;
    };
    await staged({ turn: { ...FREE_TURN, mayWrite } });
    const [outcome] = await on.apply(await on.observe(), REMOVE);
    expect(outcome?.status).toBe('applied');
    expect(await on.arm('GET', NSG)).toMatchObject({ tags: { colleague: 'was here' } });
    expect(await flushNow()).not.toBe(true);
  });
});
