import { describe, expect, test } from '@jest/globals';
import { createTimeline, shortPath, type Timeline, wantsColour } from '../../playground/timeline';
import { actorOf, type ObservedWrite, tapWrites } from '../../playground/wiretap';

const path = '/subscriptions/5ea1/resourceGroups/rg-app/providers/Microsoft.Network/networkSecurityGroups/nsg-app';

function now(): Date {
  return new Date('2026-11-23T10:00:00Z');
}

function written(record: (timeline: Timeline) => void, log: 'all' | 'problems' = 'all', brief = false): string[] {
  const lines: string[] = [];
  record(createTimeline({ print: (line) => lines.push(line), colour: false, now, log, brief }));
  return lines.map((line) => line.replaceAll(/ +/g, ' '));
}

function write(fields: Partial<ObservedWrite>): ObservedWrite {
  return { at: 1000, actor: 'Dana Ops', byApp: false, method: 'PUT', path, status: 200, ...fields };
}

describe('playground/timeline', () => {
  test('a change, its repair and the message carry the time since the change', () => {
    const lines = written((timeline) => {
      timeline.write(write({}));
      timeline.write(write({ at: 1042, byApp: true }));
    });
    expect(lines).toEqual([
      '10:00:00.000 change Dana Ops: PUT rg-app/networkSecurityGroups/nsg-app (200)',
      '10:00:00.000 +42 ms repair the guardrail: PUT rg-app/networkSecurityGroups/nsg-app (200)',
    ]);
  });

  test('the host’s log shows events and what the app says, not every start and end', () => {
    const lines = written((timeline) => {
      timeline.app('[2026-11-23T10:00:00.000Z] info: Executing nsgChanged (Microsoft.Network/x/write on x/y, id 1-2)');
      timeline.app('[2026-11-23T10:00:00.000Z] info: Executing recheck (queue message, id 1-3)');
      timeline.app(`[2026-11-23T10:00:00.000Z] information: nsgChanged: found one in ${path}: bad`);
      timeline.app('[2026-11-23T10:00:00.000Z] info: Executed nsgChanged (Succeeded, 12 ms, id 1-2)');
    });
    expect(lines).toEqual([
      '10:00:00.000 event nsgChanged: Microsoft.Network/x/write on x/y',
      '10:00:00.000 app nsgChanged: found one in rg-app/networkSecurityGroups/nsg-app: bad',
    ]);
  });

  test('told to show problems only, it leaves out what the app says otherwise', () => {
    const lines = written((timeline) => {
      timeline.app('[2026-11-23T10:00:00.000Z] information: nsgChanged: found one');
      timeline.app('[2026-11-23T10:00:00.000Z] warning: nsgChanged: trouble');
    }, 'problems');
    expect(lines).toEqual(['10:00:00.000 app nsgChanged: trouble']);
  });

  test('the brief form leaves out what a reader of one story knows', () => {
    const change = 'Executing nsgChanged (Microsoft.Network/x/write on networkSecurityGroups/nsg-app, id 1-2)';
    const lines = written(
      (timeline) => {
        timeline.write(write({ path: `${path}/securityRules/allow-rdp`, status: 201 }));
        timeline.write(write({ at: 1042, byApp: true }));
        timeline.app(`[2026-11-23T10:00:00.000Z] info: ${change}`);
        timeline.startOver();
        timeline.note('another story');
      },
      'problems',
      true,
    );
    expect(lines).toEqual([
      ' change Dana Ops: PUT nsg-app/securityRules/allow-rdp (201)',
      ' +42 ms repair the guardrail: PUT nsg-app (200)',
      expect.stringMatching(/ ms event nsgChanged: Microsoft.Network\/x\/write$/),
      ' note another story',
    ]);
  });

  test.each([
    [true, {}, true],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [false, {}, false],
  ])('terminal %s with %j is coloured: %s', (isTTY, environment, coloured) => {
    expect(wantsColour({ isTTY }, environment)).toBe(coloured);
  });

  test('a name from outside cannot steer the terminal', () => {
    const [line] = written((timeline) => timeline.write(write({ actor: 'Dana\u001B[2J\nOps' })));
    expect(line).toContain('Dana\uFFFD[2J\uFFFDOps');
  });

  test('the short path keeps the resource group', () => {
    expect(shortPath(path)).toBe('rg-app/networkSecurityGroups/nsg-app');
  });
});

describe('playground/wiretap', () => {
  test('a write is reported with its actor, a read is not, and the answer passes unchanged', async () => {
    const seen: ObservedWrite[] = [];
    const fetch = tapWrites(
      () => new Response('body', { status: 201 }),
      '/msi/token',
      (observed) => {
        seen.push(observed);
      },
    );
    const token = `h.${Buffer.from('{"name":"Dana Ops"}').toString('base64url')}.s`;
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(new Request(`http://127.0.0.1${path}`, { method: 'PUT', headers }));
    await fetch(new Request(`http://127.0.0.1${path}`));
    expect([answer.status, await answer.text()]).toEqual([201, 'body']);
    expect(seen).toMatchObject([{ actor: 'Dana Ops', byApp: false, method: 'PUT', status: 201 }]);
  });

  test('whoever bears a token of the managed identity endpoint is the app', async () => {
    const seen: ObservedWrite[] = [];
    const fetch = tapWrites(
      () => Response.json({ access_token: 'secret' }),
      '/msi/token',
      (observed) => {
        seen.push(observed);
      },
    );
    await fetch(new Request('http://127.0.0.1/msi/token'));
    const headers = { authorization: 'Bearer secret' };
    await fetch(new Request(`http://127.0.0.1${path}`, { method: 'DELETE', headers }));
    expect(seen.map(({ byApp }) => byApp)).toEqual([true]);
  });

  test.each([
    ['', 'nobody'],
    ['opaque-token-text', 'bearer opaque-token'],
  ])('the bearer of "%s" is %s', (token, actor) => {
    expect(actorOf(token)).toBe(actor);
  });
});
