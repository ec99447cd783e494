// The validator's own examination: the examples that come with the specifications, bodies and parameters.
import { isObject, objectAt, textAt } from '../../playground/azure/json';
import type { BodyCheck, Misfit } from './body-check';
import type { Operation } from './operation';
import { declaredAnswer } from './operation';
import type { SpecFiles, SpecNode } from './spec-files';
import { below, resolved } from './spec-files';

/** One example of one operation. */
export interface Examined {
  readonly operation: Operation;
  readonly example: string;
  /** Bodies that were held against a schema. */
  readonly bodies: number;
  readonly request: readonly Misfit[];
  readonly answers: readonly Misfit[];
}

function exampleNodes(specs: SpecFiles, operation: Operation): SpecNode[] {
  const examples = below(operation.node, 'x-ms-examples');
  if (!examples) return [];
  return Object.keys(examples.value).flatMap((title) => {
    const node = below(examples, title);
    return node ? resolved(specs, node) : [];
  });
}

function checkRequest(operation: Operation, given: SpecNode, check: BodyCheck): { bodies: number; misfits: Misfit[] } {
  const values = objectAt(given.value, 'parameters');
  let bodies = 0;
  const misfits = operation.parameters.flatMap((parameter) => {
    const name = textAt(parameter.value, 'name') ?? '';
    const value = values[name];
    const where = `${String(parameter.value.in)}.${name}`;
    if (value === undefined) return parameter.value.required === true ? [{ where, what: 'is missing' }] : [];
    const schema = parameter.value.in === 'body' ? below(parameter, 'schema') : parameter;
    if (!schema) return [];
    if (parameter.value.in !== 'body') return check(schema, 'write', value).map(({ what }) => ({ where, what }));
    bodies += 1;
    return [...check(schema, operation.method === 'PATCH' ? 'update' : 'write', value)];
  });
  return { bodies, misfits };
}

/** An answer in an example, and the schema that it should fit. */
export interface ExampleAnswer {
  readonly title: string;
  readonly status: string;
  readonly schema: SpecNode;
  readonly body: unknown;
}

function answersOf(specs: SpecFiles, operation: Operation, given: SpecNode): ExampleAnswer[] {
  return Object.entries(objectAt(given.value, 'responses')).flatMap(([status, answer]) => {
    const declared = declaredAnswer(specs, operation, Number(status));
    const schema = declared && below(declared, 'schema');
    const body: unknown = isObject(answer) ? answer.body : undefined;
    const title = `${operation.id} ${status} ${fileName(given)}`;
    return schema && body !== undefined ? [{ title, status, schema, body }] : [];
  });
}

function undeclaredStatuses(specs: SpecFiles, operation: Operation, given: SpecNode): Misfit[] {
  return Object.keys(objectAt(given.value, 'responses'))
    .filter((status) => !declaredAnswer(specs, operation, Number(status)))
    .map((status) => ({ where: `status ${status}`, what: 'is not declared' }));
}

function fileName(node: SpecNode): string {
  return node.file.split('/').at(-1) ?? '';
}

/** Every example answer of an operation that has a body and a schema for it. */
export function exampleAnswers(specs: SpecFiles, operation: Operation): ExampleAnswer[] {
  return exampleNodes(specs, operation).flatMap((node) => answersOf(specs, operation, node));
}

/** Examines every example of the operation. */
export function examine(specs: SpecFiles, operation: Operation, check: BodyCheck): Examined[] {
  return exampleNodes(specs, operation).map((node) => {
    const request = checkRequest(operation, node, check);
    const answers = answersOf(specs, operation, node);
    const misfits = answers.flatMap(({ status, schema, body }) =>
      check(schema, 'answer', body).map(({ where, what }) => ({ where: `${status} ${where}`, what })),
    );
    return {
      operation,
      example: fileName(node),
      bodies: request.bodies + answers.length,
      request: request.misfits,
      answers: [...undeclaredStatuses(specs, operation, node), ...misfits],
    };
  });
}
