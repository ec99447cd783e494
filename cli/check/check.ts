/** `check`: evaluates exported resources and sign-in settings, or a live subscription read-only, against the policy. */
import type { AccessPolicy } from '../../shared/policy/policy';
import { overdueReviews } from '../../shared/policy/review';
import { parseTime } from '../clock';
import { type Estate, type EstateResult, loadEstate } from '../input/load';
import { observeLive, subscriptionProblems } from '../input/live';
import { loadPolicy } from '../input/policy-file';
import { complain, type ExitCode, paintFor, remark, type Terminal, writeJson } from '../terminal';
import type { Surroundings } from '../surroundings';
import { version } from '../version';
import { renderHtml } from './html';
import { exitCodeOf, type Report, reportOn } from './report';
import { sarifOf } from './sarif';
import { renderTable } from './table';
import { bastionRemark } from './wording';

export const CHECK_FORMATS = ['table', 'json', 'sarif', 'html'] as const;
export type CheckFormat = (typeof CHECK_FORMATS)[number];

export interface CheckOptions {
  readonly policy?: string;
  readonly format: CheckFormat;
  readonly now?: string;
  readonly subscription?: readonly string[];
}

/** Runs the check; the result goes to standard output, everything else to standard error. */
export async function check(
  paths: readonly string[],
  options: CheckOptions,
  terminal: Terminal,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const now = options.now === undefined ? terminal.now() : parseTime(options.now);
  const policy = await loadPolicy(options.policy, terminal.readStdin);
  const pinned = policy.ok ? policy.policy.bastionHosts : undefined;
  const estate = await readEstate(paths, options.subscription ?? [], pinned, terminal, surroundings);
  if (!now || !policy.ok || !estate.ok) {
    const clock = now ? [] : [`--now: '${options.now}' is not a time in ISO 8601, as in 2026-01-31T08:00:00Z`];
    return complain(terminal, [...clock, ...(policy.ok ? [] : policy.problems), ...(estate.ok ? [] : estate.problems)]);
  }
  const report = reportOn(estate.estate, policy.policy, now);
  write(report, estate.estate, options.format, now, terminal);
  for (const line of reviewLines(policy.policy, now)) remark(terminal, line);
  return exitCodeOf(report);
}

/** Without a valid policy nothing is asked of Azure; the files are read all the same, to tell every problem at once. */
async function readEstate(
  paths: readonly string[],
  subscriptions: readonly string[],
  pinned: readonly string[] | undefined,
  terminal: Terminal,
  surroundings: Surroundings,
): Promise<EstateResult> {
  const wrong = subscriptionProblems(subscriptions);
  if (wrong.length > 0) return { ok: false, problems: wrong };
  if (subscriptions.length > 0 && pinned) {
    const live = await observeLive(await surroundings.openTenant(), subscriptions, pinned);
    return loadEstate(paths, terminal.readStdin, live);
  }
  if (paths.length + subscriptions.length > 0) return loadEstate(paths, terminal.readStdin);
  return {
    ok: false,
    problems: [
      'nothing to check: give a file or folder of exported resources, - for standard input, or --subscription',
    ],
  };
}

function write(report: Report, { origins }: Estate, format: CheckFormat, now: Date, terminal: Terminal): void {
  const hosts = format === 'table' ? undefined : bastionRemark(report);
  if (hosts) remark(terminal, hosts);
  switch (format) {
    case 'table':
      return terminal.writeOut(renderTable(report, paintFor(terminal)));
    case 'json':
      return writeJson(terminal, report);
    case 'sarif':
      return writeJson(terminal, sarifOf(report, origins, version));
    case 'html':
      return terminal.writeOut(renderHtml(report, now));
  }
}

/** An exception whose review is overdue still counts, but somebody should look at it. */
function reviewLines(policy: AccessPolicy, now: Date): string[] {
  return overdueReviews(policy, now.toISOString().slice(0, 10)).map(
    ({ what, owner, reviewBy }) => `policy: the review of ${what} was due on ${reviewBy}; ask ${owner}`,
  );
}
