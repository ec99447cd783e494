/** `check --format sarif`: SARIF 2.1.0, for code scanning (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html). */
import { isAbsolute, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { plain } from '../../shared/alerts/neutral';
import { packetLine } from '../../shared/alerts/packet';
import { CONTROLS } from '../../shared/controls';
import type { Finding, Severity } from '../../shared/finding';
import { type Gap, keyOf, parentIdOf, type ResourceKey } from '../../shared/network/network';
import { STDIN } from '../input/files';
import type { Origin } from '../input/load';
import type { NotJudged, Report } from './report';
import { discrepancyLines, firstRemedy, reasonNotJudged, shortName } from './wording';

const LEVELS: Readonly<Record<Severity, string>> = { critical: 'error', high: 'error', medium: 'warning', low: 'note' };
/** On the scale of CVSS, by which code scanning sorts rules: an admin port open to the Internet. */
const SCORE = '9.5';
const LONGEST = 1024;

export type Origins = ReadonlyMap<ResourceKey, Origin>;

/** One run: the registry as its rules, the findings as its results, gaps and what was not judged as its notifications. */
export function sarifOf(report: Report, origins: Origins, version: string): unknown {
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'bastion-guardrail', version, semanticVersion: version, rules: rules() } },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: [
              ...report.gaps.map((gap) => notification(gap, origins)),
              ...report.skipped.map((each) => note(each, origins)),
            ],
          },
        ],
        results: report.findings.map((finding) => result(finding, origins)),
      },
    ],
  };
}

function rules(): unknown[] {
  return CONTROLS.map(({ id, kind, title, why, references }) => ({
    id,
    name: id.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: {
      text: [why, ...references].join('\n'),
      markdown: [why, '', ...references.map((link) => `- <${link}>`)].join('\n'),
    },
    ...(references[0] && { helpUri: references[0] }),
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['security', 'azure', kind], 'security-severity': SCORE },
  }));
}

function result(finding: Finding, origins: Origins): unknown {
  const ruleIndex = CONTROLS.findIndex((control) => control.id === finding.control);
  const { witness, discrepancies, paths } = finding.evidence;
  const evidence = [...discrepancyLines(finding), ...(paths ?? [])];
  const lines = [`${finding.title}.`, packetLine(finding), ...evidence, firstRemedy(finding)].filter(
    (line) => line !== undefined,
  );
  return {
    ruleId: finding.control,
    ...(ruleIndex >= 0 && { ruleIndex }),
    level: LEVELS[finding.severity],
    message: { text: lines.map((line) => plain(line, LONGEST)).join('\n') },
    locations: [locationOf(finding.resource, origins)],
    partialFingerprints: { 'bastionGuardrail/v1': finding.fingerprint },
    properties: { severity: finding.severity, resource: finding.resource, witness, discrepancies, paths },
  };
}

function notification(gap: Gap, origins: Origins): unknown {
  return {
    level: gap.touchesAdminPort ? 'warning' : 'note',
    message: { text: plain(`${gap.what}: ${gap.why}`, LONGEST) },
    locations: [locationOf(gap.resource, origins)],
    properties: { what: gap.what, touchesAdminPort: gap.touchesAdminPort },
  };
}

function note(each: NotJudged, origins: Origins): unknown {
  return {
    level: 'note',
    message: { text: plain(`not judged, platform-managed: ${reasonNotJudged(each)}`, LONGEST) },
    locations: [locationOf(each.resource, origins)],
    ...(each.ports && { properties: { control: each.control, name: each.name, ports: each.ports } }),
  };
}

function locationOf(resource: string, origins: Origins): unknown {
  const origin = originOf(resource, origins);
  const uri = origin && uriOf(origin.file);
  const logical = { name: shortName(resource), fullyQualifiedName: resource, kind: 'resource' };
  if (!origin || uri === undefined) return { logicalLocations: [logical] };
  const region = { startLine: origin.line ?? 1 };
  return { physicalLocation: { artifactLocation: { uri }, region }, logicalLocations: [logical] };
}

/** Children stand where their parent stands. */
function originOf(resource: string, origins: Origins): Origin | undefined {
  for (let id = keyOf(resource); id !== ''; id = parentIdOf(id)) {
    const origin = origins.get(id);
    if (origin) return origin;
  }
  return undefined;
}

function uriOf(file: string): string | undefined {
  if (file === STDIN) return undefined;
  if (isAbsolute(file)) return pathToFileURL(file).href;
  const path = file.split(sep).map(encodeURIComponent).join('/');
  return path.startsWith('./') ? path.slice(2) : path;
}
