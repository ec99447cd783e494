/** `explain`: one packet, layer by layer, as Network Watcher's IP flow verify would answer it. */
import { plain } from '../shared/alerts/neutral';
import { explain as explainPacket, type Explanation, type Question } from '../shared/network/explain';
import { parseAddress } from '../shared/network/address';
import { keyOf, nameOf } from '../shared/network/network';
import { type Estate, loadEstate } from './input/load';
import { columns, complain, type ExitCode, type Paint, paintFor, remark, type Terminal, writeJson } from './terminal';

export const EXPLAIN_FORMATS = ['table', 'json'] as const;
export const PROTOCOLS = ['tcp', 'udp', 'icmp'] as const;

export interface ExplainOptions {
  readonly from: string;
  readonly to: string;
  readonly port?: string;
  readonly protocol: Question['protocol'];
  readonly sourcePort?: string;
  readonly securityGroup?: string;
  readonly format: (typeof EXPLAIN_FORMATS)[number];
}

/** Follows the packet and says which rule decided at each layer; 0 if it gets through, 1 if it does not. */
export async function explain(
  paths: readonly string[],
  options: ExplainOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const question = questionOf(options);
  const loaded = await loadEstate(paths, terminal.readStdin);
  if (!loaded.ok) return complain(terminal, [...(Array.isArray(question) ? question : []), ...loaded.problems]);
  if (Array.isArray(question)) return complain(terminal, question);
  const explanation = explainPacket(loaded.estate.network, question);
  if (!explanation.ok) return complain(terminal, [explanation.problem]);
  for (const line of doubts(loaded.estate, explanation)) remark(terminal, line);
  const { verdict, decisions, doors } = explanation;
  if (options.format === 'json') writeJson(terminal, { schemaVersion: 1, verdict, decisions, doors });
  else terminal.writeOut(renderExplanation(question, explanation, paintFor(terminal)));
  return verdict === 'allow' ? 0 : 1;
}

function questionOf(options: ExplainOptions): Question | string[] {
  const { from, to, protocol, securityGroup } = options;
  const problems = parseAddress(from) ? [] : [`--from: '${from}' is not an IP address`];
  const isPortless = protocol === 'icmp';
  const port = options.port === undefined && isPortless ? 0 : portOf('--port', options.port, problems);
  const sourcePort =
    options.sourcePort === undefined ? undefined : portOf('--source-port', options.sourcePort, problems);
  if (problems.length > 0) return problems;
  return {
    from,
    to,
    port,
    protocol,
    ...(sourcePort !== undefined && { sourcePort }),
    ...(securityGroup && { securityGroup }),
  };
}

function portOf(option: string, text: string | undefined, problems: string[]): number {
  const port = /^\d{1,5}$/.test(text ?? '') ? Number(text) : -1;
  if (port >= 0 && port <= 65535) return port;
  problems.push(text === undefined ? `${option} is missing` : `${option}: '${text}' is not a port from 0 to 65535`);
  return 0;
}

type Answer = Extract<Explanation, { ok: true }>;

/** What was not fully known of the groups that decided: the answer holds only as far as the export goes. */
function doubts({ gaps }: Estate, { decisions }: Answer): string[] {
  const groups = new Set(
    decisions.flatMap(({ securityGroup }) => (securityGroup === null ? [] : [keyOf(securityGroup)])),
  );
  return gaps
    .filter((gap) => groups.has(keyOf(gap.resource)))
    .map(({ resource, what, why }) => `${nameOf(resource)} was not fully read (${what}): ${why}`);
}

function renderExplanation(question: Question, { verdict, decisions, doors }: Answer, paint: Paint): string {
  const rows = decisions.map(({ layer, securityGroup, rule, priority, access }) => [
    layer.toUpperCase(),
    securityGroup === null ? '(no security group)' : plain(nameOf(securityGroup), 80),
    rule === null ? '-' : plain(rule, 80),
    priority === null ? '-' : String(priority),
    access,
  ]);
  const lines = columns([['LAYER', 'SECURITY GROUP', 'RULE', 'PRIORITY', 'ACCESS'], ...rows]);
  const packet = `${plain(question.from)} → ${plain(question.to)}:${question.port}/${question.protocol}`;
  const way =
    doors.length > 0 ? `door ${doors.map(({ name }) => plain(name, 80)).join(', ')}` : 'no open door leads there';
  const colour = verdict === 'allow' ? 'yellow' : 'green';
  return `${[...lines, '', `${paint(colour, verdict)}: ${packet}, ${way}`].join('\n')}\n`;
}
