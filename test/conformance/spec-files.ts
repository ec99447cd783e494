// Swagger documents, and the way from one part to another: references within a file and across files.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { JsonObject } from '../../playground/azure/json';
import { isObject } from '../../playground/azure/json';

export interface SpecFiles {
  /** Every document that describes operations or models; examples are not among them. */
  readonly files: readonly string[];
  /** One document, examples included; throws when it cannot be read. */
  readonly read: (file: string) => JsonObject;
}

/** A part of a document: where it stands, and what stands there. */
export interface SpecNode {
  readonly file: string;
  readonly pointer: string;
  readonly value: JsonObject;
}

function jsonFilesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !dirname(file).endsWith('examples'))
    .toSorted();
}

/** The documents below the given folders; each is read once, when it is first asked for. */
export function specFilesBelow(folders: readonly string[]): SpecFiles {
  const known = new Map<string, JsonObject>();
  return {
    files: folders.flatMap(jsonFilesBelow),
    read(file) {
      const standing = known.get(file);
      if (standing) return standing;
      const document: unknown = JSON.parse(readFileSync(file, 'utf8'));
      if (!isObject(document)) throw new Error(`${file} is not a JSON object`);
      known.set(file, document);
      return document;
    },
  };
}

function unescaped(word: string): string {
  return decodeURIComponent(word).replaceAll('~1', '/').replaceAll('~0', '~');
}

/** `key` as one step of a JSON pointer (RFC 6901). */
export function pointerStep(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The part below `node` under `path`, or undefined when there is no object. */
export function below(node: SpecNode, ...path: readonly string[]): SpecNode | undefined {
  let value: unknown = node.value;
  for (const key of path) value = isObject(value) || Array.isArray(value) ? Reflect.get(value, key) : undefined;
  if (!isObject(value)) return undefined;
  return { file: node.file, pointer: [node.pointer, ...path.map(pointerStep)].join('/'), value };
}

/** The objects of the list below `node` under `key`. */
export function listBelow(node: SpecNode, key: string): SpecNode[] {
  const list = node.value[key];
  if (!Array.isArray(list)) return [];
  return list.flatMap((_, index) => below(node, key, String(index)) ?? []);
}

/** The whole document as a node. */
export function documentAt(specs: SpecFiles, file: string): SpecNode {
  return { file, pointer: '', value: specs.read(file) };
}

/** Where a chain of `$ref`s ends; the node itself when it is no reference. Throws on a reference into nothing. */
export function resolved(specs: SpecFiles, node: SpecNode): SpecNode {
  const reference = node.value.$ref;
  if (typeof reference !== 'string') return node;
  const [path = '', pointer = ''] = reference.split('#');
  const file = path === '' ? node.file : normalize(join(dirname(node.file), path));
  const target = below(documentAt(specs, file), ...pointer.split('/').slice(1).map(unescaped));
  if (!target) throw new Error(`${node.file} refers to ${reference}, which is not there`);
  return resolved(specs, target);
}

/** One name for a part, the same however it was reached. */
export function nameOf(node: SpecNode): string {
  return `${node.file}#${node.pointer}`;
}
