// Examines the validator by all examples of the specifications, and by faults planted in them.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createBodyCheck } from './body-check';
import { exampleAnswers, examine } from './examples';
import { KNOWN_FAULTY } from './faulty-examples';
import { indexOperations } from './operation';
import { plantFaults } from './planted';
import type { SpecFiles } from './spec-files';

/** Examines; prints the outcome; true when every example is right or known to be faulty and every fault was found. */
export function examineExamples(specs: SpecFiles, print: (line: string) => void): boolean {
  const check = createBodyCheck(specs);
  // The derived documents came without the examples that they still name.
  const all = indexOperations(specs).all.filter(({ node }) => existsSync(join(dirname(node.file), 'examples')));
  const examined = all.flatMap((operation) => examine(specs, operation, check));
  const faulty = examined.filter(({ request, answers }) => request.length + answers.length > 0);
  const unknown = faulty.filter(({ example }) => !(example in KNOWN_FAULTY));
  const unmet = Object.keys(KNOWN_FAULTY).filter((name) => !faulty.some(({ example }) => example === name));
  const planted = plantFaults(
    all.flatMap((operation) => exampleAnswers(specs, operation)),
    check,
  );
  for (const { operation, example, request, answers } of unknown) {
    for (const { where, what } of [...request, ...answers]) print(`${operation.id} ${example}: ${where} ${what}`);
  }
  for (const name of unmet) print(`${name} is listed as faulty, but is not`);
  for (const missed of planted.missed) print(`planted and not found: ${missed}`);
  const bodies = examined.reduce((sum, { bodies: each }) => sum + each, 0);
  print(
    `${examined.length} examples with ${bodies} bodies: ${faulty.length} faulty, all but ${unknown.length} known to be`,
  );
  print(`${planted.planted} faults planted, ${planted.missed.length} not found`);
  return unknown.length + unmet.length + planted.missed.length === 0;
}
