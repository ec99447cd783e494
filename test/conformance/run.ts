// The local Azure against Microsoft's specifications: every route driven by the real clients, every exchange validated.
// run: npm run conformance [-- --specs FOLDER] [--examples]; exit code 1 on whatever is neither right nor listed.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../../playground/project-root';
import { coverage, distinctProblems } from './coverage';
import { covers, readDeviations, settle } from './deviations';
import { drive } from './drive';
import { startStage } from './drive/stage';
import type { Exchange } from './exchange';
import { examineExamples } from './examination';
import { deviationLine, problemLine, routeTable } from './report';
import { specFilesBelow } from './spec-files';
import { isDescribed, specificationFolders } from './specifications';
import type { Verdict } from './validator';
import { createValidator } from './validator';

function say(title: string, lines: readonly string[]): void {
  if (lines.length > 0) console.log([`\n${title}`, ...lines.map((line) => `  ${line}`)].join('\n'));
}

function total(count: number, what: string): void {
  console.log(`${String(count).padStart(8)}  ${what}`);
}

async function record(): Promise<{ exchanges: readonly Exchange[]; broken: readonly string[] }> {
  const stage = await startStage(join(projectRoot(), 'playground', 'estates'));
  try {
    return { broken: await drive(stage), exchanges: stage.exchanges };
  } finally {
    await stage.stop();
  }
}

/** Drives and judges; true when everything is right or listed. */
async function conforms(folders: readonly string[]): Promise<boolean> {
  const deviations = readDeviations(join(projectRoot(), 'playground', 'deviations.json'));
  const { exchanges, broken } = await record();
  const validator = createValidator(specFilesBelow(folders), isDescribed);
  const toAzure = exchanges.filter(({ url }) => !url.pathname.startsWith('/playground/'));
  const verdicts = toAzure.map((exchange): Verdict => validator.judge(exchange));
  const { routes, stray } = coverage(verdicts);
  const unexercised = routes.filter(({ exercised }) => exercised === 0);
  const problems = distinctProblems(verdicts.flatMap((verdict) => verdict.problems));
  const { listed, unlisted, unmet } = settle(problems, deviations);

  for (const line of routeTable(routes)) console.log(line);
  say(
    'Known deviations',
    deviations.map((each) => `${each.id}: ${listed.filter((problem) => covers(each, problem)).length} problems`),
  );
  say('Problems that are not listed', unlisted.map(problemLine));
  say('Deviations that nothing met', unmet.map(deviationLine));
  say(
    'Routes not exercised',
    unexercised.map(({ route }) => `${route.method} ${route.path}`),
  );
  say(
    'Answered, but on no route',
    stray.map(({ exchange }) => `${exchange.method} ${exchange.url.pathname}`),
  );
  say('Parts of the drive that broke', broken);
  console.log();
  total(verdicts.length, 'exchanges');
  total(verdicts.filter(({ judged }) => judged === 'operation').length, 'held against an operation');
  total(verdicts.filter(({ judged }) => judged === 'link').length, 'at addresses of running operations');
  total(verdicts.filter(({ judged }) => judged === 'unspecified').length, 'without a specification here');
  total(new Set(verdicts.flatMap(({ operation }) => operation ?? [])).size, 'operations of the specifications met');
  total(routes.length, `routes, ${unexercised.length} not exercised`);
  total(problems.length, `distinct problems, ${listed.length} listed, ${unlisted.length} not`);
  total(deviations.length, `deviations listed, ${unmet.length} met by nothing`);
  return [unlisted, unmet, unexercised, stray, broken].every(({ length }) => length === 0);
}

async function main(): Promise<void> {
  const options = { specs: { type: 'string' }, examples: { type: 'boolean' } } as const;
  const { specs, examples } = parseArgs({ options }).values;
  const folders = specificationFolders(specs);
  if (folders === undefined) {
    console.log('No specifications here: give their folder with --specs.');
    return;
  }
  const isRight = examples ? examineExamples(specFilesBelow(folders), console.log) : await conforms(folders);
  process.exitCode = isRight ? 0 : 1;
}

void main();
