/** An alert as a mail: subject, plain text and HTML. */
import type { Severity } from '../finding';
import type { Alert } from './alert';
import { html, plain } from './neutral';
import { AMPLE, type Block, pageOf } from './page';
import { renderText } from './text';

export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const COLOURS: Readonly<Record<Severity, string>> = {
  critical: '#a4262c',
  high: '#c4501b',
  medium: '#8a6d00',
  low: '#444',
};
const MONOSPACE = 'font-family:Consolas,Menlo,monospace;white-space:pre-wrap;background:#f4f4f4;padding:4px 8px';

/** The mail's three parts. The subject is one line without control characters; the HTML loads nothing and links nowhere. */
export function renderMail(alert: Alert): Mail {
  const sections = pageOf(alert, AMPLE).map(
    ({ heading, blocks }) => `<h3>${html(heading)}</h3>${blocks.map(dressed).join('')}`,
  );
  return {
    subject: plain(`[Bastion Guardrail] ${alert.severity}: ${alert.headline}`, 200),
    text: renderText(alert),
    html: [
      '<!doctype html><html><head><meta charset="utf-8"></head><body style="font-family:Segoe UI,Arial,sans-serif">',
      `<h2 style="color:${COLOURS[alert.severity]}">${html(alert.headline)}</h2><p>Severity: ${alert.severity}</p>`,
      ...sections,
      '</body></html>',
    ].join('\n'),
  };
}

function dressed(block: Block): string {
  if (block.kind === 'code') {
    return block.lines.map((line) => `<div style="${MONOSPACE}">${html(line, 1024)}</div>`).join('');
  }
  if (block.kind === 'lines') return `<ul>${block.lines.map((line) => `<li>${html(line, 1024)}</li>`).join('')}</ul>`;
  const rows = block.facts.map(({ label, value }) => {
    const head = `<th align="left" valign="top" style="padding-right:12px">${html(label)}</th>`;
    return `<tr>${head}<td>${html(value, 1024)}</td></tr>`;
  });
  return `<table cellspacing="0">${rows.join('')}</table>`;
}
