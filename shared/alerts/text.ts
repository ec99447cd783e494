/** An alert as plain text, for a terminal, a log and the text part of a mail. */
import type { Alert } from './alert';
import { plain } from './neutral';
import { AMPLE, type Block, pageOf } from './page';

/** Lines without escape sequences or colour; nobody's name can add or hide one. */
export function renderText(alert: Alert): string {
  const lines = [plain(alert.headline), `Severity: ${alert.severity}`];
  for (const { heading, blocks } of pageOf(alert, AMPLE)) {
    lines.push('', heading, ...blocks.flatMap(linesOf));
  }
  return `${lines.join('\n')}\n`;
}

function linesOf(block: Block): string[] {
  if (block.kind === 'facts') return block.facts.map(({ label, value }) => `  ${label}: ${plain(value, 1024)}`);
  return block.lines.map((line) => `  ${plain(line, 1024)}`);
}
