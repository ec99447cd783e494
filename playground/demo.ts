/** `npm run demo`: plays the stories on a fresh playground, says what each proves, and ends with 0 when all went as they should. */
import { styleText } from 'node:util';
import { type Playground, startPlayground } from './playground';
import { stories } from './stories';
import { type Check, createStage, type Story } from './stories/stage';
import { createTimeline, wantsColour } from './timeline';

interface Played {
  readonly story: Story;
  readonly checks: readonly Check[];
  /** From the person's last write to the guardrail's, both as ARM answered them; undefined when it wrote nothing. */
  readonly closedInMs: number | undefined;
  readonly told: string;
}

const colour = wantsColour(process.stdout, process.env);

function paint(format: 'bold' | 'green' | 'red' | 'gray', text: string): string {
  return colour ? styleText(format, text, { validateStream: false }) : text;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function playAll(playground: Playground): Promise<Played[]> {
  const played: Played[] = [];
  for (const [index, story] of stories.entries()) {
    if (index > 0) await playground.reset();
    print('');
    print(paint('bold', `Story ${index + 1} of ${stories.length}: ${story.title}`));
    print(`  It proves: ${story.proves}.`);
    const result = await play(playground, story);
    print('  Checked at the wire:');
    for (const check of result.checks) {
      print(`      ${check.holds ? paint('green', 'yes') : paint('red', 'NO ')} ${check.claim}`);
    }
    played.push(result);
  }
  return played;
}

async function play(playground: Playground, story: Story): Promise<Played> {
  const stage = createStage(playground, print);
  try {
    await story.play(stage);
  } catch (error) {
    stage.check(
      `the story could be played to its end (${error instanceof Error ? error.message : String(error)})`,
      false,
    );
  }
  const { teams, mail } = playground.inbox();
  const told = [teams.length > 0 ? 'Teams' : '', mail.length > 0 ? 'mail' : '']
    .filter((name) => name !== '')
    .join(', ');
  return { story, checks: stage.checks(), closedInMs: closedIn(playground), told: told || 'nobody' };
}

function closedIn(playground: Playground): number | undefined {
  const writes = playground.writes().filter((write) => write.status < 300);
  const byPerson = writes.findLast((write) => !write.byApp);
  const byApp = writes.findLast((write) => write.byApp);
  return byPerson && byApp ? Math.round(byApp.at - byPerson.at) : undefined;
}

function summary(played: readonly Played[]): string[] {
  const rows = played.map(({ story, checks, closedInMs, told }) => [
    story.title,
    closedInMs === undefined ? 'left alone' : `${closedInMs} ms`,
    told,
    checks.every((check) => check.holds) ? 'as it should' : 'NOT as it should',
  ]);
  const all = [['Story', 'Closed in', 'Told', 'Ended'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

async function main(): Promise<void> {
  print('A local Azure is starting: nothing leaves this machine.');
  const timeline = createTimeline({
    print: (line) => print(`  ${line}`),
    colour,
    now: () => new Date(),
    log: 'problems',
  });
  const playground = await startPlayground({ timeline });
  const stop = (): void => {
    void playground.close().finally(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  try {
    const played = await playAll(playground);
    print('');
    for (const line of summary(played)) print(line);
    const failed = played.filter(({ checks }) => checks.some((check) => !check.holds));
    print('');
    if (failed.length === 0) print(paint('green', `All ${played.length} stories ended as they should.`));
    for (const { story } of failed) print(paint('red', `Not as it should: ${story.title}`));
    if (failed.length > 0) process.exitCode = 1;
  } finally {
    await playground.close();
  }
}

// Whoever has read enough (`| head`) ends the play; the children end with their parent.
process.stdout.once('error', () => process.exit(1));
main().catch((error: unknown) => {
  process.stderr.write(`The demo could not be played: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
