// Swagger models with their inheritance resolved: all properties in one place, and who derives from whom.
import { isObject, objectAt, textAt, textsAt } from '../../playground/azure/json';
import type { SpecFiles, SpecNode } from './spec-files';
import { below, documentAt, listBelow, nameOf, resolved } from './spec-files';

/** A model of an object after `allOf`. */
export interface Model {
  readonly properties: ReadonlyMap<string, SpecNode>;
  readonly required: readonly string[];
  /** The schema of further properties; undefined when the model does not speak of them. */
  readonly additional: SpecNode | boolean | undefined;
  /** The property that names the variant, own or inherited. */
  readonly discriminator: string | undefined;
  /** Inherits from a model that is marked as an Azure resource, and so has an id in every answer. */
  readonly isResource: boolean;
}

/** A model that derives from another, and the value of the discriminator that stands for it. */
export interface Variant {
  readonly value: string;
  readonly node: SpecNode;
}

function ownAdditional(node: SpecNode): Model['additional'] {
  const given = node.value.additionalProperties;
  return typeof given === 'boolean' ? given : below(node, 'additionalProperties');
}

/** The model of a schema that describes an object. */
export function modelOf(specs: SpecFiles, node: SpecNode): Model {
  const bases = listBelow(node, 'allOf').map((base) => modelOf(specs, resolved(specs, base)));
  const own = Object.keys(objectAt(node.value, 'properties')).flatMap((name): [string, SpecNode][] => {
    const property = below(node, 'properties', name);
    return property ? [[name, property]] : [];
  });
  const inherited = <T>(read: (base: Model) => T | undefined): T | undefined =>
    bases.map(read).find((value) => value !== undefined);
  return {
    properties: new Map([...bases.flatMap(({ properties }) => [...properties]), ...own]),
    required: [...new Set([...bases.flatMap(({ required }) => required), ...textsAt(node.value, 'required')])],
    additional: ownAdditional(node) ?? inherited(({ additional }) => additional),
    discriminator: textAt(node.value, 'discriminator') ?? inherited(({ discriminator }) => discriminator),
    isResource: node.value['x-ms-azure-resource'] === true || bases.some(({ isResource }) => isResource),
  };
}

type Children = ReadonlyMap<string, readonly SpecNode[]>;

function childrenIn(specs: SpecFiles): Children {
  const children = new Map<string, SpecNode[]>();
  for (const file of specs.files) {
    const document = documentAt(specs, file);
    for (const name of Object.keys(objectAt(document.value, 'definitions'))) {
      const node = below(document, 'definitions', name);
      for (const base of node ? listBelow(node, 'allOf') : []) {
        const key = nameOf(resolved(specs, base));
        children.set(key, [...(children.get(key) ?? []), ...(node ? [node] : [])]);
      }
    }
  }
  return children;
}

/** Finds what derives from a model, at any depth; the documents are searched once, at the first question. */
export function variantFinder(specs: SpecFiles): (node: SpecNode) => readonly Variant[] {
  let children: Children | undefined;

  function find(node: SpecNode): Variant[] {
    children ??= childrenIn(specs);
    return (children.get(nameOf(node)) ?? []).flatMap((child) => {
      const value = textAt(child.value, 'x-ms-discriminator-value') ?? child.pointer.split('/').at(-1) ?? '';
      return [{ value, node: child }, ...find(child)];
    });
  }
  return find;
}

/** True for a schema that names properties, its own or inherited ones, or says that there may be any. */
export function describesObject({ value }: SpecNode): boolean {
  return isObject(value.properties) || Array.isArray(value.allOf) || value.type === 'object';
}
