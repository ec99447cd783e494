// Swagger schemas as JSON Schemas: closed objects, one schema per model, inheritance and variants written out.
import type { JsonObject } from '../../playground/azure/json';
import { at, listAt, textAt, textsAt } from '../../playground/azure/json';
import type { Model, Variant } from './model';
import { describesObject, modelOf } from './model';
import type { SpecFiles, SpecNode } from './spec-files';
import { below, nameOf, resolved } from './spec-files';

/** Which way a body goes: written whole (PUT, POST), written in part (PATCH), or answered. */
export type Direction = 'write' | 'update' | 'answer';

/** Makes one JSON Schema; `refer` names the schema of a part that stands elsewhere. */
export interface Conversion {
  readonly specs: SpecFiles;
  readonly direction: Direction;
  readonly variants: (node: SpecNode) => readonly Variant[];
  readonly refer: (node: SpecNode, mode: 'open' | 'exact') => string;
}

const COPIED = [
  'type',
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'multipleOf',
];

/** Draft 4 says by a flag beside it whether a limit belongs to the range; later drafts by another keyword. */
function limits({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonObject): JsonObject {
  return {
    ...(minimum === undefined ? {} : { [exclusiveMinimum === true ? 'exclusiveMinimum' : 'minimum']: minimum }),
    ...(maximum === undefined ? {} : { [exclusiveMaximum === true ? 'exclusiveMaximum' : 'maximum']: maximum }),
  };
}

function plainSchema(node: SpecNode): JsonObject {
  const { value } = node;
  const copied = Object.fromEntries(COPIED.flatMap((key) => (key in value ? [[key, value[key]]] : [])));
  const values = textsAt(value, 'enum');
  const open = at(value, 'x-ms-enum', 'modelAsString') === true;
  const spelling = values.length > 0 ? { spelling: { values, open } } : {};
  const types = listAt(value, 'x-ms-arm-id-details', 'allowedResources').flatMap((each) => textAt(each, 'type') ?? []);
  return { ...copied, ...limits(value), ...spelling, ...(types.length > 0 ? { armIdOf: types } : {}) };
}

/** Null stands for a property that is not there, where the specification allows the property to be left out. */
function nullable(schema: JsonObject): JsonObject {
  return { if: { type: 'null' }, else: schema };
}

function mayPass(node: SpecNode, target: SpecNode, direction: Direction): boolean {
  const isReadOnly = node.value.readOnly === true || target.value.readOnly === true;
  if (isReadOnly) return direction === 'answer';
  const mutability = node.value['x-ms-mutability'] ?? target.value['x-ms-mutability'];
  if (!Array.isArray(mutability)) return true;
  if (direction === 'answer') return mutability.includes('read');
  if (direction === 'update') return mutability.includes('update');
  return mutability.includes('create') || mutability.includes('update');
}

function propertySchema(node: SpecNode, isRequired: boolean, conversion: Conversion): JsonObject {
  const target = resolved(conversion.specs, node);
  const schema = mayPass(node, target, conversion.direction)
    ? schemaOf(node, conversion)
    : { notSent: conversion.direction };
  const declared = node.value['x-nullable'] ?? target.value['x-nullable'];
  return (typeof declared === 'boolean' ? declared : !isRequired) ? nullable(schema) : schema;
}

function objectSchema(node: SpecNode, model: Model, conversion: Conversion): JsonObject {
  const { direction } = conversion;
  const properties = [...model.properties].map(([name, property]): [string, JsonObject] => [
    name,
    propertySchema(property, model.required.includes(name), conversion),
  ]);
  const required = model.required.filter((name) => {
    const property = model.properties.get(name);
    return property && mayPass(property, resolved(conversion.specs, property), direction);
  });
  const ids = model.isResource && direction === 'answer' && model.properties.has('id') ? ['id'] : [];
  const additional = model.additional ?? false;
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: [...new Set([...required, ...ids])],
    additionalProperties: typeof additional === 'boolean' ? additional : schemaOf(additional, conversion),
    ...(typeof node.value.minProperties === 'number' ? { minProperties: node.value.minProperties } : {}),
  };
}

/** A base model stands for its variants: the discriminator says which one a value must fit. */
function variantSchema(node: SpecNode, property: string, conversion: Conversion): JsonObject | undefined {
  const variants = conversion.variants(node);
  if (variants.length === 0) return undefined;
  const values = variants.map(({ value }) => value);
  const cases = variants.map(({ value, node: variant }) => ({
    if: { not: { properties: { [property]: { const: value } }, required: [property] } },
    else: { $ref: conversion.refer(variant, 'exact') },
  }));
  const known = { properties: { [property]: { enum: values } }, required: [property] };
  const own = textAt(node.value, 'x-ms-discriminator-value') ?? node.pointer.split('/').at(-1) ?? '';
  const spelling = { spelling: { values: [...values, own], open: false } };
  const base = { allOf: [{ properties: { [property]: spelling } }, { $ref: conversion.refer(node, 'exact') }] };
  return { allOf: cases, if: known, else: base };
}

/** The schema of a part where it is used: a reference where the specification has one. */
export function schemaOf(node: SpecNode, conversion: Conversion): JsonObject {
  if (typeof node.value.$ref === 'string') return { $ref: conversion.refer(resolved(conversion.specs, node), 'open') };
  return bodyOf(node, 'open', conversion);
}

/** The schema of a part itself. `exact` leaves its variants out. */
export function bodyOf(node: SpecNode, mode: 'open' | 'exact', conversion: Conversion): JsonObject {
  if (node.value.type === 'array') {
    const items = below(node, 'items');
    return { ...plainSchema(node), ...(items ? { items: schemaOf(items, conversion) } : {}) };
  }
  if (!describesObject(node)) return plainSchema(node);
  const model = modelOf(conversion.specs, node);
  // An object of which nothing is said stands for any value: the specifications write dates that way, too.
  if (model.properties.size === 0 && model.additional === undefined) return {};
  const { discriminator } = model;
  const variants = mode === 'open' && discriminator ? variantSchema(node, discriminator, conversion) : undefined;
  return variants ?? objectSchema(node, model, conversion);
}

/** One name per part, mode and direction. */
export function schemaName(node: SpecNode, mode: 'open' | 'exact', direction: Direction): string {
  return `${direction} ${mode} ${nameOf(node)}`;
}
