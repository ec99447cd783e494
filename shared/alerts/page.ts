/** An alert laid out and shortened: headings, facts and lines that every channel only has to escape and dress. */
import type { Alert, FindingAlert } from './alert';
import type { Fact } from './cause';

export type Block =
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  /** Lines to be read character by character: packets and rules. */
  | { readonly kind: 'code'; readonly lines: readonly string[] };

export interface Section {
  readonly heading: string;
  readonly blocks: readonly Block[];
}

/** How much there is room for. */
export interface Room {
  /** Findings told in full. */
  readonly full: number;
  /** Further findings told in one line each. */
  readonly brief: number;
  /** Entries of every other list. */
  readonly entries: number;
}

export const AMPLE: Room = { full: 10, brief: 40, entries: 20 };

/** The alert's sections below the headline. Every list that had to be cut says how many entries were left out. */
export function pageOf(alert: Alert, room: Room): Section[] {
  const full = alert.findings.slice(0, room.full);
  const rest = alert.findings
    .slice(room.full)
    .map((finding) => `${finding.severity}: ${finding.title}. ${finding.ending.text}`);
  const sections: Section[] = [
    { heading: 'What happened', blocks: [{ kind: 'facts', facts: alert.cause }] },
    ...full.map((finding, at) => findingSection(finding, alert.findings.length > 1 ? ` ${at + 1}` : '', room)),
    { heading: 'Further findings', blocks: [{ kind: 'lines', lines: shortened(rest, room.brief) }] },
    { heading: 'Rules before and after', blocks: [{ kind: 'code', lines: ruleLines(alert, room) }] },
    { heading: 'Not known (gaps)', blocks: [{ kind: 'lines', lines: shortened(alert.gaps, room.entries) }] },
    { heading: 'Note', blocks: [{ kind: 'lines', lines: alert.notes }] },
    { heading: 'Record', blocks: [{ kind: 'facts', facts: alert.record }] },
  ];
  return sections
    .map(({ heading, blocks }) => ({ heading, blocks: blocks.filter((block) => !isBare(block)) }))
    .filter(({ blocks }) => blocks.length > 0);
}

function findingSection(finding: FindingAlert, number: string, { entries }: Room): Section {
  const { packet, path, proof, rejected, settings, ways } = finding;
  const facts: Fact[] = [
    { label: 'Finding', value: `${finding.title} (${finding.severity})` },
    { label: 'Result', value: finding.ending.text },
    { label: 'Control', value: finding.control },
    { label: 'Cause', value: finding.resource },
    ...(path.length > 0 ? [{ label: 'Path', value: shortened(path, entries).join(' → ') }] : []),
  ];
  return {
    heading: `Finding${number}`,
    blocks: [
      { kind: 'facts', facts },
      { kind: 'code', lines: packet === undefined ? [] : [packet] },
      { kind: 'lines', lines: shortened(finding.exposures, entries).map((line) => `Exposed: ${line}`) },
      { kind: 'lines', lines: shortened(settings, entries).map((line) => `Setting: ${line}`) },
      { kind: 'lines', lines: shortened(ways, entries).map((line) => `Way around the sign-in: ${line}`) },
      { kind: 'lines', lines: shortened(proof, entries).map((line) => `Proof ${line}`) },
      { kind: 'lines', lines: shortened(rejected, entries).map((line) => `Not taken: ${line}`) },
    ],
  };
}

function ruleLines({ rules }: Alert, { entries }: Room): string[] {
  const shown = rules.slice(0, entries);
  const lines = shown.flatMap(({ rule, before, after }) => [rule, `before: ${before}`, `after:  ${after}`]);
  return rules.length > shown.length ? [...lines, leftOut(rules.length - shown.length)] : lines;
}

function shortened(lines: readonly string[], most: number): string[] {
  return lines.length <= most ? [...lines] : [...lines.slice(0, most), leftOut(lines.length - most)];
}

function leftOut(count: number): string {
  return `and ${count} more, left out here; the incident's record has them all`;
}

function isBare(block: Block): boolean {
  return (block.kind === 'facts' ? block.facts : block.lines).length === 0;
}
