// The operations that the specifications describe, and the one that a request asks for.
import type { JsonObject } from '../../playground/azure/json';
import { isObject, objectAt, textAt } from '../../playground/azure/json';
import type { SpecFiles, SpecNode } from './spec-files';
import { below, documentAt, listBelow, resolved } from './spec-files';

const METHODS = ['get', 'put', 'post', 'patch', 'delete', 'head'];

export interface Operation {
  readonly id: string;
  /** Upper case. */
  readonly method: string;
  readonly template: string;
  readonly apiVersion: string;
  readonly node: SpecNode;
  readonly parameters: readonly SpecNode[];
}

export interface Match {
  readonly operation: Operation;
  /** Path parameters by name, still encoded as they were sent. */
  readonly path: ReadonlyMap<string, string>;
}

interface Indexed {
  readonly operation: Operation;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  /** How many segments of the template are given words: the more, the more particular. */
  readonly literals: number;
}

export interface Operations {
  readonly all: readonly Operation[];
  /** The most particular operation for a request; undefined when no document of that version has it. */
  readonly find: (method: string, path: string, apiVersion: string) => Match | undefined;
  /** The versions in which some document has the operation. */
  readonly versions: (method: string, path: string) => readonly string[];
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/** A scope holds slashes and may be the tenant itself, which is no segment at all. */
function segmentPattern(segment: string, spanning: ReadonlySet<string>): string {
  const name = /^\{(.+)\}$/.exec(segment)?.[1];
  if (name === undefined) return `/${escaped(segment)}`;
  return spanning.has(name) ? '(?:/(.+))?' : '/([^/]+)';
}

function indexed(operation: Operation): Indexed {
  const spanning = new Set(
    operation.parameters
      .filter(({ value }) => value.in === 'path' && value['x-ms-skip-url-encoding'] === true)
      .map(({ value }) => textAt(value, 'name') ?? ''),
  );
  const segments = operation.template.split('/').filter((segment) => segment !== '');
  const pattern = segments.map((segment) => segmentPattern(segment, spanning)).join('');
  return {
    operation,
    pattern: new RegExp(`^${pattern}/?$`, 'i'),
    names: segments.flatMap((segment) => /^\{(.+)\}$/.exec(segment)?.[1] ?? []),
    literals: segments.filter((segment) => !segment.startsWith('{')).length,
  };
}

function operationsOf(specs: SpecFiles, file: string): Operation[] {
  const document = documentAt(specs, file);
  const apiVersion = textAt(document.value, 'info', 'version') ?? '';
  return Object.keys(objectAt(document.value, 'paths')).flatMap((template) => {
    const path = below(document, 'paths', template);
    if (!path) return [];
    const shared = listBelow(path, 'parameters');
    return METHODS.flatMap((method) => {
      const node = below(path, method);
      if (!node) return [];
      const parameters = [...shared, ...listBelow(node, 'parameters')].map((each) => resolved(specs, each));
      const id = textAt(node.value, 'operationId') ?? `${method} ${template}`;
      return [{ id, method: method.toUpperCase(), template, apiVersion, node, parameters }];
    });
  });
}

/** Reads every document and indexes its operations. */
export function indexOperations(specs: SpecFiles): Operations {
  const all = specs.files.flatMap((file) => operationsOf(specs, file));
  // A template that is one parameter (`/{roleId}`) would take every path: what it leads to has a path of its own, too.
  const index = all
    .map(indexed)
    .filter(({ literals }) => literals > 0)
    .toSorted((left, right) => right.literals - left.literals);

  function matching(method: string, path: string): Indexed[] {
    return index.filter(({ operation, pattern }) => operation.method === method && pattern.test(path));
  }

  return {
    all,
    find(method, path, apiVersion) {
      const found = matching(method, path).find(({ operation }) => operation.apiVersion === apiVersion);
      if (!found) return undefined;
      const values = found.pattern.exec(path)?.slice(1) ?? [];
      const named = found.names.flatMap((name, at): [string, string][] => {
        const value: string | undefined = values[at];
        return value === undefined ? [] : [[name, value]];
      });
      return { operation: found.operation, path: new Map(named) };
    },
    versions: (method, path) => [...new Set(matching(method, path).map(({ operation }) => operation.apiVersion))],
  };
}

/** What the operation declares for a status: the status itself, or undefined. */
export function declaredAnswer(
  specs: SpecFiles,
  operation: Operation,
  status: number | 'default',
): SpecNode | undefined {
  const node = below(operation.node, 'responses', String(status));
  return node ? resolved(specs, node) : undefined;
}

/** The options of an extension such as `x-ms-pageable`, or undefined when the operation does not carry it. */
export function extension(operation: Operation, name: string): JsonObject | undefined {
  const value = operation.node.value[name];
  return isObject(value) ? value : undefined;
}
