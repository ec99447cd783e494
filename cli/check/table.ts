/** `check --format table`: for a person at a terminal. */
import { plain } from '../../shared/alerts/neutral';
import { packetLine } from '../../shared/alerts/packet';
import type { Finding, Severity } from '../../shared/finding';
import type { Colour, Paint } from '../terminal';
import type { Report } from './report';
import {
  bastionRemark,
  counted,
  discrepancyLines,
  firstRemedy,
  reasonNotJudged,
  shortName,
  summaryLine,
} from './wording';

const COLOURS: Readonly<Record<Severity, Colour>> = { critical: 'red', high: 'red', medium: 'yellow', low: 'dim' };

/** Findings gravest first, each with its witness packet and first remedy; then gaps; then what it all comes to. */
export function renderTable(report: Report, paint: Paint): string {
  const lines = [...findingLines(report.findings, paint), ...gapLines(report, paint)];
  if (report.skipped.length > 0) {
    lines.push(paint('dim', skippedLine(report)));
  }
  const remark = bastionRemark(report);
  if (remark) lines.push(paint('dim', plain(remark, WIDEST)));
  lines.push(paint(summaryColour(report), summaryLine(report)));
  return `${lines.join('\n')}\n`;
}

const WIDEST = 1024;
const CELL = 80;
/** How many names a line lists. */
const SHOWN = 6;

function cell(text: string): string {
  return plain(text, CELL);
}

function findingLines(findings: readonly Finding[], paint: Paint): string[] {
  if (findings.length === 0) return [];
  const rows = findings.map((finding) => [
    finding.severity.toUpperCase(),
    cell(finding.control),
    cell(shortName(finding.resource)),
  ]);
  const head = ['SEVERITY', 'CONTROL', 'RESOURCE'];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const columns = (row: readonly string[]): string[] => row.map((text, column) => text.padEnd(widths[column] ?? 0));
  const lines = [paint('bold', [...columns(head), 'WHAT'].join('  '))];
  for (const [index, finding] of findings.entries()) {
    const [severity = '', ...rest] = columns(rows[index] ?? []);
    lines.push([paint(COLOURS[finding.severity], severity), ...rest, plain(finding.title, WIDEST)].join('  '));
    const packet = packetLine(finding);
    if (packet) lines.push(`    ${plain(packet, WIDEST)}`);
    lines.push(...evidenceLines(finding).map((line) => `    ${plain(line, WIDEST)}`));
    lines.push(paint('dim', `    ${plain(firstRemedy(finding), WIDEST)}`));
  }
  return [...lines, ''];
}

/** What is set wrong, and the ways around that this opens. */
function evidenceLines(finding: Finding): string[] {
  return [discrepancyLines(finding), finding.evidence.paths ?? []].flatMap((lines) => {
    const rest = lines.length - SHOWN;
    return rest > 0 ? [...lines.slice(0, SHOWN), `and ${rest} more`] : lines;
  });
}

function skippedLine({ skipped }: Report): string {
  const names = skipped
    .slice(0, SHOWN)
    .map((each) => `${cell(each.name ?? shortName(each.resource))} (${plain(reasonNotJudged(each), WIDEST)})`);
  const rest = skipped.length > SHOWN ? ` and ${skipped.length - SHOWN} more` : '';
  return `Not judged, because the platform manages them: ${names.join(', ')}${rest}.`;
}

function gapLines({ gaps }: Report, paint: Paint): string[] {
  if (gaps.length === 0) return [];
  const lines = gaps.map(({ resource, what, why, touchesAdminPort }) => {
    const mark = touchesAdminPort ? paint('yellow', 'admin port') : paint('dim', 'elsewhere ');
    return `  ${mark}  ${cell(shortName(resource))}  ${cell(what)}: ${plain(why, WIDEST)}`;
  });
  return [paint('bold', `${counted(gaps.length, 'gap')}: what could not be read or decided`), ...lines, ''];
}

function summaryColour({ findings, gaps }: Report): Colour {
  if (findings.length > 0) return 'red';
  return gaps.some((gap) => gap.touchesAdminPort) ? 'yellow' : 'green';
}
