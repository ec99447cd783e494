/** What people were told, as the inbox received it, and what every alert must say. */
import type { Stage } from './stage';

interface Told {
  readonly channel: 'Teams' | 'mail';
  readonly text: string;
  readonly receivedAt: string;
}

/** Every alert so far, Teams first. */
export function alertsTo(stage: Stage): Told[] {
  const { teams, mail } = stage.playground.inbox();
  return [
    ...teams.map(({ text, receivedAt }) => ({ channel: 'Teams' as const, text, receivedAt })),
    ...mail.map(({ subject, text, receivedAt }) => ({
      channel: 'mail' as const,
      text: `${subject}\n${text}`,
      receivedAt,
    })),
  ];
}

/** Checks that Teams and mail have had `count` alerts each. */
export function checkToldTimes(stage: Stage, count: number, when = ''): void {
  const { teams, mail } = stage.playground.inbox();
  const times = ['never', 'once', 'twice'][count] ?? `${count} times`;
  const claim = `${when}${count === 0 ? 'nobody was told anything' : `Teams and mail were told ${times} each`}`;
  const isSo = teams.length === count && mail.length === count;
  stage.check(isSo ? claim : `${claim} (Teams ${teams.length}, mail ${mail.length})`, isSo);
}

/** Checks that Teams and mail have had `count` alerts each that name the person. */
export function checkToldOf(stage: Stage, actor: string, count: number): void {
  const told = alertsTo(stage).filter(({ text }) => text.includes(actor));
  const [cards, letters] = (['Teams', 'mail'] as const).map(
    (each) => told.filter(({ channel }) => channel === each).length,
  );
  const times = count === 0 ? 'never' : 'once';
  const isSo = cards === count && letters === count;
  const claim = `Teams and mail were told ${times} each of what ${actor} did`;
  stage.check(isSo ? claim : `${claim} (Teams ${cards}, mail ${letters})`, isSo);
}

/** Checks that the latest alert of each channel says every one of these things. */
export function checkSays(stage: Stage, claim: string, ...wanted: readonly (string | RegExp)[]): void {
  const latest = (['Teams', 'mail'] as const).map((channel) => ({
    channel,
    text: alertsTo(stage).findLast((told) => told.channel === channel)?.text ?? '',
  }));
  const lacking = latest.filter(({ text }) => !wanted.every((one) => says(text, one)));
  const exception = lacking.length === 0 ? '' : `: not so in ${lacking.map(({ channel }) => channel).join(' and ')}`;
  stage.check(`${claim}${exception}`, lacking.length === 0);
}

function says(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
}

/** A witness packet of the given port: who gets through to whom. */
export function witness(port: number): RegExp {
  return new RegExp(`\\d+\\.\\d+\\.\\d+\\.\\d+:\\d+ .*:${port}\\b`);
}

/** Shows the latest card: its essentials, or all of it to those who ask for it. */
export function showCard(stage: Stage): void {
  const card = stage.playground.inbox().teams.at(-1)?.text.split('\n') ?? ['none'];
  const telling = card.filter((line) => /^(Changed by|Found by|Result|Not taken)\b|:\d+ → /.test(line));
  const chosen = telling.filter((line, index) => ![line, telling[index - 1]].some(isReportOnly));
  const proven = card.filter((line) => line.startsWith('Proof holds')).length;
  const proof = proven > 0 ? [`Proof: ${proven} claims hold`] : [];
  stage.show('From the card:', (chosen.length + proven > 0 ? [...chosen, ...proof] : card).map(cut));
  stage.detail('The whole card:', card);
}

/** What the policy wants reported only is beside the point of a story; its packet stands in the line below. */
function isReportOnly(line: string | undefined): boolean {
  return line !== undefined && line.startsWith('Result: Held back (report-only)');
}

const longestReason = 90;

/** Why another remedy was not taken may be long; the proof's first words tell enough. */
function cut(line: string): string {
  const isLong = line.startsWith('Not taken') && line.length > longestReason;
  return isLong ? `${line.slice(0, longestReason - 1)}…` : line;
}
