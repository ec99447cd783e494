import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';

const ROOT = join(__dirname, '../..');
const BUNDLE = join(ROOT, 'dist/functions/index.js');

/**
 * Runs in a process of its own: supplies the module that only the Functions worker has, loads the bundle, and invokes
 * every function that is handed something from outside with what nobody can read.
 */
const WORKER = `
const Module = require('node:module');
const load = Module._load;
const found = [];
const handlers = {};
const core = {
  version: '4', hostVersion: '4', Disposable: class {}, log() {}, registerHook() {}, setProgrammingModel() {},
  registerFunction(metadata, handler) { found.push(metadata); handlers[metadata.name] = handler; },
};
Module._load = (name, ...rest) => (name === '@azure/functions-core' ? core : load(name, ...rest));
require(process.argv[1]);
const lines = [];
const context = { log: (line) => lines.push(line) };
const events = ['nsgChanged', 'peeringChanged', 'publicIpChanged', 'networkChanged', 'roleChanged'];
const poison = [...events, 'recheck', 'deliverAlert'].map((name) => handlers[name]({ broken: true }, context));
Promise.all(poison)
  .then(() => process.stdout.write(JSON.stringify({ found, lines })));
`;

const answer = z.object({
  found: z.array(z.object({ name: z.string(), bindings: z.record(z.string(), z.looseObject({ type: z.string() })) })),
  lines: z.array(z.string()),
});

describe('functions', () => {
  const built = existsSync(BUNDLE) ? test : test.skip;

  built('the bundle registers its functions under the worker and acknowledges poison', () => {
    const output = execFileSync(process.execPath, ['-e', WORKER, BUNDLE], { encoding: 'utf8', cwd: ROOT, env: {} });
    const { found, lines } = answer.parse(JSON.parse(output));
    const bindings = found.map(({ name, bindings: of }) => [
      name,
      ...Object.values(of).map(({ type, schedule, queueName }) => [type, schedule ?? queueName]),
    ]);
    expect(Object.fromEntries(bindings)).toEqual({
      deliverAlert: ['queueTrigger', 'guardrail-alerts'],
      networkChanged: ['eventGridTrigger', undefined],
      nsgChanged: ['eventGridTrigger', undefined],
      peeringChanged: ['eventGridTrigger', undefined],
      publicIpChanged: ['eventGridTrigger', undefined],
      recheck: ['queueTrigger', 'guardrail-recheck'],
      reconcileIdentity: ['timerTrigger', '0 5 * * * *'],
      reconcileNetwork: ['timerTrigger', '0 */15 * * * *'],
      roleChanged: ['eventGridTrigger', undefined],
      watchDirectory: ['timerTrigger', '0 */2 * * * *'],
    });
    expect(lines.toSorted()).toEqual([
      ...Array<unknown>(5).fill(expect.stringMatching(/^Malformed event acknowledged/)),
      expect.stringMatching(/^Malformed message of guardrail-alerts acknowledged/),
      expect.stringMatching(/^Malformed message of guardrail-recheck acknowledged/),
    ]);
  });
});
