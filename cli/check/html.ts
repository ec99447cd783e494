/** `check --format html`: one page that needs nothing else and runs no script. */
import { html } from '../../shared/alerts/neutral';
import { exposureLine, packetLine } from '../../shared/alerts/packet';
import type { Finding } from '../../shared/finding';
import { CONTROLS } from '../../shared/controls';
import type { Report } from './report';
import {
  bastionRemark,
  counted,
  discrepancyLines,
  findingCount,
  firstRemedy,
  reasonNotJudged,
  shortName,
  summaryLine,
} from './wording';

const STYLE = `
:root{color-scheme:light dark;--text:#1b1b1f;--soft:#5a5a66;--page:#fff;--card:#f5f5f8;--line:#d6d6de;--red:#b3261e;--amber:#8a5a00;--green:#1b6e3c}
@media(prefers-color-scheme:dark){:root{--text:#ececf1;--soft:#a3a3b0;--page:#17171b;--card:#212127;--line:#3a3a44;--red:#ff8a80;--amber:#ffc766;--green:#7bd99b}}
body{margin:0 auto;max-width:60rem;padding:2rem 1rem;background:var(--page);color:var(--text);font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem}h3{font-size:1rem;margin:0}
article{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--soft);border-radius:6px;padding:1rem;margin:1rem 0;overflow-wrap:anywhere}
.critical,.high{border-left-color:var(--red)}.medium{border-left-color:var(--amber)}
.severity{text-transform:uppercase;font-size:.8rem;font-weight:600}.critical .severity,.high .severity{color:var(--red)}.medium .severity{color:var(--amber)}
code{font:.875rem/1.5 ui-monospace,monospace;overflow-wrap:anywhere}.soft{color:var(--soft)}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
.bad{color:var(--red)}.warn{color:var(--amber)}.good{color:var(--green)}`;

const LONGEST = 1024;
/** Enough for a person; the JSON has all of them. */
const SHOWN_EXPOSURES = 50;

/** The report as a page. `at` is printed as the time of the check. */
export function renderHtml(report: Report, at: Date): string {
  const remark = bastionRemark(report);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Bastion Guardrail: ${text(findingCount(report))}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Bastion Guardrail</h1>
<p class="${tone(report)}"><strong>${text(summaryLine(report))}</strong></p>
<p class="soft">Checked <time datetime="${at.toISOString()}">${at.toISOString()}</time>.${remark ? ` ${text(remark)}` : ''}</p>
${report.findings.map(article).join('\n')}
${gapTable(report)}
${skippedTable(report)}
</main>
</body>
</html>
`;
}

function text(value: string): string {
  return html(value, LONGEST);
}

function tone({ findings, gaps }: Report): string {
  if (findings.length > 0) return 'bad';
  return gaps.some((gap) => gap.touchesAdminPort) ? 'warn' : 'good';
}

function article(finding: Finding): string {
  const { exposures } = finding.evidence;
  const packet = packetLine(finding);
  const control = CONTROLS.find(({ id }) => id === finding.control);
  const lines = exposures
    .slice(0, SHOWN_EXPOSURES)
    .map((exposure) => `<li><code>${text(exposureLine(exposure))}</code></li>`);
  if (exposures.length > lines.length) lines.push(`<li>and ${exposures.length - lines.length} more</li>`);
  return `<article class="${finding.severity}">
<p class="severity">${finding.severity}</p>
<h3>${text(finding.title)}</h3>
<p class="soft">${text(finding.control)} on <code title="${text(finding.resource)}">${text(shortName(finding.resource))}</code>, fingerprint <code>${text(finding.fingerprint)}</code></p>
${packet ? `<p><code>${text(packet)}</code></p>` : ''}
${evidenceList(finding)}<p>${text(firstRemedy(finding))}</p>
${control ? `<p class="soft">${text(control.why)}</p>` : ''}
${lines.length > 0 ? `<details><summary>${counted(exposures.length, 'exposure')}</summary><ul>${lines.join('')}</ul></details>` : ''}
</article>`;
}

/** What is set wrong, and the ways around that this opens. */
function evidenceList(finding: Finding): string {
  const lines = [...discrepancyLines(finding), ...(finding.evidence.paths ?? [])];
  if (lines.length === 0) return '';
  const shown = lines.slice(0, SHOWN_EXPOSURES).map((line) => `<li>${text(line)}</li>`);
  if (lines.length > shown.length) shown.push(`<li>and ${lines.length - shown.length} more</li>`);
  return `<ul>${shown.join('')}</ul>\n`;
}

function gapTable({ gaps }: Report): string {
  if (gaps.length === 0) return '';
  const rows = gaps.map(
    ({ resource, what, why, touchesAdminPort }) =>
      `<tr><td title="${text(resource)}">${text(shortName(resource))}</td><td>${text(what)}</td><td>${text(why)}</td><td>${touchesAdminPort ? 'yes' : 'no'}</td></tr>`,
  );
  const head = '<tr><th>Resource</th><th>What</th><th>Why</th><th>Touches an admin port</th></tr>';
  return `<h2>${counted(gaps.length, 'gap')}</h2>\n<table><thead>${head}</thead><tbody>${rows.join('\n')}</tbody></table>`;
}

function skippedTable({ skipped }: Report): string {
  if (skipped.length === 0) return '';
  const rows = skipped.map(
    (each) =>
      `<tr><td title="${text(each.resource)}">${text(each.name ?? shortName(each.resource))}</td><td>${text(reasonNotJudged(each))}</td></tr>`,
  );
  return `<h2>Not judged: the platform manages them</h2>\n<table><thead><tr><th>Resource</th><th>Why</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}
