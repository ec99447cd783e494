/** `npm run demo`: plays the stories on a fresh playground, says what each proves, and ends with 0 when all went as they should. */
import { styleText } from 'node:util';
import { Command, CommanderError, Option } from 'commander';
import { type Playground, startPlayground } from './playground';
import { stories } from './stories';
import { createStage, type Story } from './stories/stage';
import { isAsItShould, type Played, played, summary } from './summary';
import { createTimeline, type Timeline, wantsColour } from './timeline';
import { wrap } from './wrap';

interface Arguments {
  readonly story?: readonly string[];
  readonly verbose?: boolean;
}

const program = new Command('demo')
  .description('Plays drift stories on a local Azure: no account, no tools, nothing leaves this machine.')
  .addOption(new Option('--story <name...>', 'only these').choices(stories.map((story) => story.name)))
  .option('--verbose', 'show the whole cards and the log of the function app')
  .allowExcessArguments(false)
  .exitOverride()
  .configureOutput({ writeErr: (text) => process.stderr.write(`${text.trim().split('\n', 1)[0]}\n`) });

const colour = wantsColour(process.stdout, process.env);
const narrowest = 60;
const width = Math.max(narrowest, Math.min(process.stdout.columns ?? 100, 120));
/** Where the text of a line in the timeline begins: with and without the time of day. */
const timelineIndent = { full: 34, brief: 21 };

function paint(format: 'bold' | 'green' | 'red' | 'gray', text: string): string {
  return colour ? styleText(format, text, { validateStream: false }) : text;
}

function print(line: string, indent = leadingSpaces(line) + 2): void {
  for (const piece of wrap(line, width, indent)) process.stdout.write(`${piece}\n`);
}

function leadingSpaces(line: string): number {
  return line.length - line.trimStart().length;
}

async function playAll(
  playground: Playground,
  chosen: readonly Story[],
  timeline: Timeline,
  wantsDetail: boolean,
): Promise<Played[]> {
  const all: Played[] = [];
  for (const [index, story] of chosen.entries()) {
    if (index > 0) await playground.reset(undefined, story.isAboutSignIn ? undefined : 'network');
    timeline.startOver();
    print('');
    print(paint('bold', `Story ${index + 1} of ${chosen.length}: ${story.title}`));
    print(`  Proves: ${story.proves}.`, 10);
    const result = await play(playground, story, timeline, wantsDetail);
    print('  Checked at the wire:');
    for (const { holds, claim } of result.checks) {
      print(`      ${holds ? paint('green', 'yes') : paint('red', 'NO ')} ${claim}`, 10);
    }
    all.push(result);
  }
  return all;
}

async function play(playground: Playground, story: Story, timeline: Timeline, wantsDetail: boolean): Promise<Played> {
  const stage = createStage(playground, { print, say: (text) => timeline.note(text), wantsDetail });
  try {
    await story.play(stage);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    stage.check(`the story could be played to its end (${why})`, false);
  }
  return played(playground, story, stage.checks());
}

async function main(): Promise<void> {
  const { story: wanted, verbose = false } = program.parse().opts<Arguments>();
  const chosen = stories.filter((story) => wanted === undefined || wanted.includes(story.name));
  print('A local Azure is starting: nothing leaves this machine.');
  const timeline = createTimeline({
    print: (line) => print(`  ${line}`, verbose ? timelineIndent.full : timelineIndent.brief),
    colour,
    now: () => new Date(),
    ...(!verbose && { log: 'problems', brief: true }),
  });
  let isReady = false;
  const quietUntilReady: Timeline = { ...timeline, note: (text) => isReady && timeline.note(text) };
  const playground = await startPlayground({ timeline: quietUntilReady, rbac: true });
  isReady = true;
  const stop = (): void => {
    void playground.close().finally(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  try {
    const all = await playAll(playground, chosen, timeline, verbose);
    print('');
    for (const line of summary(all)) process.stdout.write(`${line}\n`);
    print('');
    const failed = all.filter((one) => !isAsItShould(one));
    if (failed.length === 0) print(paint('green', ending(all)));
    for (const { story } of failed) print(paint('red', `Not as it should: ${story.title}`));
    if (failed.length > 0) process.exitCode = 1;
  } finally {
    await playground.close();
  }
}

function ending(all: readonly Played[]): string {
  return all.length === 1 ? 'The story ended as it should.' : `All ${all.length} stories ended as they should.`;
}

// Whoever has read enough (`| head`) ends the play; the children end with their parent.
process.stdout.once('error', () => process.exit(1));
main().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    return;
  }
  process.stderr.write(`The demo could not be played: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
