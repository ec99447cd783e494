// Holds a body against the schema of the specification, with ajv; schemas are compiled when they are first needed.
import type { ErrorObject, SchemaValidateFunction } from 'ajv';
import { Ajv } from 'ajv';
import { FORMATS, isIdOf } from './format';
import type { Conversion, Direction } from './json-schema';
import { bodyOf, schemaName } from './json-schema';
import { variantFinder } from './model';
import type { SpecFiles, SpecNode } from './spec-files';
import { resolved } from './spec-files';

/** One thing that does not fit: where in the body (list positions left out), and what. */
export interface Misfit {
  readonly where: string;
  readonly what: string;
}

export type BodyCheck = (schema: SpecNode, direction: Direction, body: unknown) => readonly Misfit[];

/** The values of an enumeration; an open one may hold others, but not one of these in another casing. */
interface Spelling {
  readonly values: readonly string[];
  readonly open: boolean;
}

/** What JSON Schema has no words for. */
interface Keywords {
  readonly spelling: Spelling;
  /** The way in which the property does not go. */
  readonly notSent: Direction;
  /** The types of resources that the id may name. */
  readonly armIdOf: readonly string[];
}

function misspelt({ values, open }: Spelling, given: unknown): string | undefined {
  if (typeof given !== 'string' || values.includes(given)) return undefined;
  const meant = values.find((value) => value.toLowerCase() === given.toLowerCase());
  if (meant !== undefined) return `'${given}' is spelt '${meant}' in the specification`;
  return open ? undefined : `'${given}' is none of ${values.join(', ')}`;
}

function withKeywords(): Ajv {
  const ajv = new Ajv({ allErrors: true, strict: false, logger: false, unicodeRegExp: false, formats: FORMATS });
  function add<Keyword extends keyof Keywords>(
    keyword: Keyword,
    complaint: (parameter: Keywords[Keyword], given: unknown) => string | undefined,
  ): void {
    const validate: SchemaValidateFunction = (parameter: Keywords[Keyword], given: unknown) => {
      const message = complaint(parameter, given);
      validate.errors = message === undefined ? [] : [{ keyword, message, params: {} }];
      return message === undefined;
    };
    ajv.addKeyword({ keyword, errors: true, validate });
  }
  add('spelling', misspelt);
  add('notSent', (direction) =>
    direction === 'answer' ? 'is never answered' : 'is read-only and not for a client to send',
  );
  add('armIdOf', (types, given) =>
    typeof given !== 'string' || isIdOf(types, given) ? undefined : `is not the id of ${types.join(' or ')}`,
  );
  return ajv;
}

function misfitOf({ keyword, instancePath, params, message }: ErrorObject): Misfit[] {
  // The branches of a condition speak for themselves.
  if (keyword === 'if') return [];
  const steps = instancePath
    .split('/')
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? '[]' : `.${step}`));
  const where = `body${steps.join('')}`;
  if (keyword === 'additionalProperties')
    return [{ where: `${where}.${String(params.additionalProperty)}`, what: 'is not declared' }];
  if (keyword === 'required') return [{ where: `${where}.${String(params.missingProperty)}`, what: 'is missing' }];
  return [{ where, what: message ?? keyword }];
}

function distinct(misfits: readonly Misfit[]): Misfit[] {
  return [...new Map(misfits.map((misfit) => [`${misfit.where} ${misfit.what}`, misfit])).values()];
}

/** Makes the check for the schemas of these documents. */
export function createBodyCheck(specs: SpecFiles): BodyCheck {
  const ajv = withKeywords();
  const variants = variantFinder(specs);
  const ids = new Map<string, string>();

  function register(node: SpecNode, mode: 'open' | 'exact', direction: Direction): string {
    const name = schemaName(node, mode, direction);
    const standing = ids.get(name);
    if (standing !== undefined) return standing;
    const id = `spec:${ids.size}`;
    // Known before it is made: a model may hold itself.
    ids.set(name, id);
    const conversion: Conversion = {
      specs,
      direction,
      variants,
      refer: (part, partMode) => register(part, partMode, direction),
    };
    ajv.addSchema(bodyOf(node, mode, conversion), id);
    return id;
  }

  return (schema, direction, body) => {
    const id = register(resolved(specs, schema), 'open', direction);
    const validate = ajv.getSchema(id);
    if (!validate) throw new Error(`no schema was made of ${schema.file}#${schema.pointer}`);
    if (validate(body) === true) return [];
    return distinct((validate.errors ?? []).flatMap(misfitOf));
  };
}
