import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { type Inbox, startInbox } from '../../../playground/inbox';

const card = {
  type: 'AdaptiveCard',
  version: '1.5',
  msteams: { width: 'Full' },
  body: [
    { type: 'TextBlock', text: 'RDP is open to the Internet', weight: 'Bolder', wrap: true },
    { type: 'FactSet', facts: [{ title: 'Who', value: 'Dana Ops' }] },
    { type: 'ColumnSet', columns: [{ type: 'Column', items: [{ type: 'TextBlock', text: 'in a column' }] }] },
    { type: 'RichTextBlock', inlines: ['plain ', { type: 'TextRun', text: 'and run' }] },
  ],
  actions: [{ type: 'Action.OpenUrl', title: 'Open', url: 'https://portal.azure.com/' }],
};

describe('playground/inbox', () => {
  let inbox: Inbox;

  beforeAll(async () => {
    inbox = await startInbox({ now: () => new Date('2026-11-23T10:00:00Z') });
  });
  beforeEach(() => {
    inbox.clear();
    inbox.setFaults({});
  });
  afterAll(() => inbox.close());

  function post(body: unknown): Promise<Response> {
    return fetch(inbox.teamsUrl, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
  }

  function mailTo(to: string): Promise<unknown> {
    const transport = createTransport(inbox.smtpUrl);
    const mail = { from: 'guardrail@example.com', to, subject: 'Closed: é', text: 'plain', html: '<b>rich</b>' };
    return transport.sendMail(mail);
  }

  test('a card is accepted with 202 and kept with its readable text', async () => {
    expect((await post(message(card))).status).toBe(202);
    const [kept] = inbox.read().teams;
    expect(kept?.card).toEqual(card);
    expect(kept?.receivedAt).toBe('2026-11-23T10:00:00.000Z');
    expect(kept?.text.split('\n')).toEqual([
      'RDP is open to the Internet',
      'Who: Dana Ops',
      'in a column',
      'plain and run',
      '[Open] https://portal.azure.com/',
    ]);
  });

  const huge = { ...card, body: [{ type: 'TextBlock', text: 'x'.repeat(29_000) }] };
  const submit = { ...card, actions: [{ type: 'Action.Submit', title: 'Approve' }] };
  test.each<[string, unknown, string]>([
    ['what is not JSON', 'hello', 'not a message'],
    ['a message card of the old connectors', { '@type': 'MessageCard', text: 'x' }, 'not a message'],
    ['a message without a card', { type: 'message', attachments: [] }, 'no attachment is an adaptive card'],
    ['a message of more than 28 KB', message(huge), 'larger than 28672 bytes'],
    ['content that is no card', message({ type: 'HeroCard' }), 'not an AdaptiveCard'],
    ['a card without version', message({ ...card, version: undefined }), 'version is missing'],
    ['a card newer than Teams', message({ ...card, version: '1.6' }), 'newer than Teams'],
    ['a text block without text', message({ ...card, body: [{ type: 'TextBlock' }] }), 'has no text'],
    ['a link without address', message({ ...card, actions: [{ type: 'Action.OpenUrl' }] }), 'no http(s) url'],
    [
      'a link that runs a script',
      message({ ...card, selectAction: { type: 'Action.OpenUrl', url: 'javascript:1' } }),
      'url',
    ],
    ['an action that needs a bot', message(submit), 'needs a bot'],
    ['seven actions', message({ ...card, actions: Array.from({ length: 7 }, () => card.actions[0]) }), '7 actions'],
    ['an element that does not exist', message({ ...card, body: [{ type: 'Blink', text: 'x' }] }), 'Blink'],
  ])('%s is refused with 400 and a reason', async (_, body, reason) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining(reason) } });
    expect(inbox.read().teams).toEqual([]);
  });

  test('a mail sent over SMTP arrives parsed', async () => {
    await mailTo('soc@example.com, dana@example.com');
    expect(inbox.read().mail).toMatchObject([
      {
        receivedAt: '2026-11-23T10:00:00.000Z',
        from: 'guardrail@example.com',
        to: ['soc@example.com', 'dana@example.com'],
        subject: 'Closed: é',
        text: 'plain',
        html: '<b>rich</b>',
      },
    ]);
  });

  test('faults refuse as many deliveries as they say, then stop', async () => {
    inbox.setFaults({ teams: { status: 503, times: 2 }, smtp: { status: 451 } });
    expect([(await post(message(card))).status, (await post(message(card))).status]).toEqual([503, 503]);
    expect((await post(message(card))).status).toBe(202);
    await expect(mailTo('soc@example.com')).rejects.toMatchObject({ responseCode: 451 });
    await mailTo('soc@example.com');
    expect([inbox.read().teams.length, inbox.read().mail.length]).toEqual([1, 1]);
  });

  test('a fault that is not understood is refused and changes nothing', () => {
    expect(() => inbox.setFaults({ teams: { status: 'all' } })).toThrow('teams.status is not a number: "all"');
    expect(() => inbox.setFaults({ smtp: {} })).toThrow('smtp has neither status nor delayMs');
  });

  test('the address of the inbox shows its contents, and DELETE clears them', async () => {
    await post(message(card));
    expect(await (await fetch(inbox.teamsUrl)).json()).toMatchObject({ teams: [{ card }], mail: [] });
    expect((await fetch(inbox.teamsUrl, { method: 'DELETE' })).status).toBe(204);
    expect(inbox.read().teams).toEqual([]);
  });
});

function message(content: unknown): object {
  return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }] };
}
