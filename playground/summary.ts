/** The table at the end of the demo: what each story came to. */
import type { Playground } from './playground';
import type { Check, Story } from './stories/stage';

export interface Played {
  readonly story: Story;
  readonly checks: readonly Check[];
  /** From a person's last write to the guardrail's that followed, as ARM answered them; undefined when it wrote nothing. */
  readonly closedInMs: number | undefined;
  readonly told: string;
}

/** What the playground shows at the end of a story. */
export function played(playground: Playground, story: Story, checks: readonly Check[]): Played {
  const { teams, mail } = playground.inbox();
  const told = [counted(teams.length, 'Teams'), counted(mail.length, 'mail')].filter((text) => text !== '');
  return { story, checks, closedInMs: closedIn(playground), told: told.join(', ') || 'nobody' };
}

export function isAsItShould({ checks }: Played): boolean {
  return checks.length > 0 && checks.every((check) => check.holds);
}

/** One line per story under a heading, in columns. */
export function summary(all: readonly Played[]): string[] {
  const rows = all.map((one) => [
    one.story.name,
    one.closedInMs === undefined ? '-' : duration(one.closedInMs),
    one.told,
    `${one.checks.filter((check) => check.holds).length} of ${one.checks.length}`,
    isAsItShould(one) ? 'as it should' : 'NOT as it should',
  ]);
  const table = [['Story', 'Closed in', 'Told', 'Checks', 'Ended'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function closedIn(playground: Playground): number | undefined {
  const writes = playground.writes().filter((write) => write.status < 300);
  const byApp = writes.findLast((write) => write.byApp);
  const byPerson = writes.findLast((write) => !write.byApp && (byApp === undefined || write.at < byApp.at));
  return byPerson && byApp ? Math.round(byApp.at - byPerson.at) : undefined;
}

function duration(ms: number): string {
  return ms < 10_000 ? `${ms} ms` : `${Math.round(ms / 1000)} s`;
}

function counted(count: number, name: string): string {
  if (count === 0) return '';
  return count === 1 ? name : `${name} ${count}x`;
}
