/** An alert as an Adaptive Card in the message that a Teams Workflows webhook takes. */
import type { Alert } from './alert';
import { markdown } from './neutral';
import { type Block, pageOf, type Room, type Section } from './page';

/** Teams cuts off at about 28 KB and counts what it adds itself; this leaves it a quarter. */
export const MOST_CARD_BYTES = 21_000;

type Json = Readonly<Record<string, unknown>>;

export interface TeamsMessage {
  readonly type: 'message';
  readonly summary: string;
  readonly attachments: readonly [
    {
      readonly contentType: 'application/vnd.microsoft.card.adaptive';
      readonly contentUrl: null;
      readonly content: Json;
    },
  ];
}

/** From generous to bare: the first that fits is sent. `characters` caps each text. */
const ROOMS: readonly (Room & { readonly characters: number })[] = [
  { full: 5, brief: 20, entries: 8, characters: 512 },
  { full: 3, brief: 10, entries: 5, characters: 400 },
  { full: 2, brief: 5, entries: 3, characters: 300 },
  { full: 1, brief: 3, entries: 2, characters: 200 },
];
const BARE = { full: 1, brief: 1, entries: 1, characters: 60 };

const STYLES: Readonly<Record<Alert['status'], string>> = {
  open: 'accent',
  repaired: 'good',
  held: 'warning',
  failed: 'attention',
};

/** The message to POST, below 21 KB whatever the incident holds; longer lists are cut and the cut is named. */
export function renderTeams(alert: Alert): TeamsMessage {
  for (const room of ROOMS) {
    const message = messageOf(alert, room);
    if (Buffer.byteLength(JSON.stringify(message)) < MOST_CARD_BYTES) return message;
  }
  return messageOf(alert, BARE);
}

function messageOf(alert: Alert, room: (typeof ROOMS)[number]): TeamsMessage {
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.5',
    msteams: { width: 'Full' },
    fallbackText: markdown(alert.headline, room.characters),
    body: [
      {
        type: 'Container',
        style: STYLES[alert.status],
        bleed: true,
        items: [
          textBlock(alert.headline, room.characters, { size: 'Large', weight: 'Bolder' }),
          textBlock(`Severity: ${alert.severity}`, room.characters, { spacing: 'None' }),
        ],
      },
      ...pageOf(alert, room).map((section) => container(section, room.characters)),
    ],
  };
  return {
    type: 'message',
    summary: markdown(alert.headline, room.characters),
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}

function container({ heading, blocks }: Section, characters: number): Json {
  return {
    type: 'Container',
    separator: true,
    items: [
      textBlock(heading, characters, { weight: 'Bolder' }),
      ...blocks.flatMap((block) => elements(block, characters)),
    ],
  };
}

function elements(block: Block, characters: number): Json[] {
  if (block.kind === 'facts') {
    const facts = block.facts.map(({ label, value }) => ({ title: label, value: markdown(value, characters) || '-' }));
    return [{ type: 'FactSet', facts }];
  }
  const look = block.kind === 'code' ? { fontType: 'Monospace', spacing: 'Small' } : { spacing: 'Small' };
  return block.lines.map((line) => textBlock(line, characters, look));
}

/** A card with an empty text is refused, and the reference library does not notice. */
function textBlock(text: string, characters: number, look: Json): Json {
  return { type: 'TextBlock', text: markdown(text, characters) || '-', wrap: true, ...look };
}
