/** `check`: evaluates exported resources, or a live subscription read-only, against the policy. */
import type { AccessPolicy } from '../../shared/policy/policy';
import { parseTime } from '../clock';
import { type Estate, type EstateResult, loadEstate } from '../input/load';
import { loadPolicy } from '../input/policy-file';
import { complain, type ExitCode, paintFor, remark, type Terminal, writeJson } from '../terminal';
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
export async function check(paths: readonly string[], options: CheckOptions, terminal: Terminal): Promise<ExitCode> {
  const now = options.now === undefined ? terminal.now() : parseTime(options.now);
  const policy = await loadPolicy(options.policy, terminal.readStdin);
  const estate = await readEstate(paths, terminal);
  if (!now || !policy.ok || !estate.ok) {
    const clock = now ? [] : [`--now: '${options.now}' is not a time in ISO 8601, as in 2026-01-31T08:00:00Z`];
    return complain(terminal, [...clock, ...(policy.ok ? [] : policy.problems), ...(estate.ok ? [] : estate.problems)]);
  }
  const report = reportOn(estate.estate, policy.policy);
  write(report, estate.estate, options.format, now, terminal);
  for (const line of overdueReviews(policy.policy, now)) remark(terminal, line);
  return exitCodeOf(report);
}

async function readEstate(paths: readonly string[], terminal: Terminal): Promise<EstateResult> {
  if (paths.length > 0) return loadEstate(paths, terminal.readStdin);
  return {
    ok: false,
    problems: ['nothing to check: give a file or folder of exported resources, or - for standard input'],
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

/** An approved source whose review is overdue still counts, but somebody should look at it. */
function overdueReviews({ additionalSources }: AccessPolicy, now: Date): string[] {
  const today = now.toISOString().slice(0, 10);
  return additionalSources
    .filter(({ reviewBy }) => reviewBy < today)
    .map(
      ({ sources, owner, reviewBy }) =>
        `policy: the review of ${sources.join(', ')} was due on ${reviewBy}; ask ${owner}`,
    );
}
