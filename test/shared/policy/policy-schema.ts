/** The JSON Schema of the policy file, and the table of its fields, both made from the schema that validates it. */
import { z } from 'zod';
import { CONTROLS } from '../../../shared/controls';
import { MODES, policySchema } from '../../../shared/policy/policy';

export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly required?: readonly string[];
  readonly [key: string]: unknown;
}

/** For editors: what may be written, with every description; controls by name, each with the modes it can have. */
export function policyJsonSchema(): JsonSchema {
  const made = forEditors(z.toJSONSchema(policySchema, { io: 'input' })) as JsonSchema;
  const { $schema, ...rest } = made;
  const controls = { ...made.properties?.controls, propertyNames: undefined, ...controlModes() };
  return JSON.parse(
    JSON.stringify({
      $schema,
      title: 'Access policy of Bastion Guardrail',
      description:
        'Who may reach the admin ports of machines, how people sign in before that, and what may be repaired.',
      ...rest,
      properties: { ...made.properties, controls },
    }),
  ) as JsonSchema;
}

/** Ids come in any casing, which a pattern of JSON Schema has to spell out; and nobody needs the largest safe integer. */
function forEditors(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(forEditors);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(([, value]) => value !== Number.MAX_SAFE_INTEGER);
  return Object.fromEntries(
    kept.map(([name, value]) => [name, name === 'pattern' ? inAnyCase(String(value)) : forEditors(value)]),
  );
}

/** Patterns of durations and dates mean their letters as they are. */
function inAnyCase(pattern: string): string {
  if (pattern.includes('0-9a-f')) return pattern.replaceAll('a-f', 'a-fA-F');
  if (!pattern.includes('subscriptions')) return pattern;
  return pattern.replaceAll(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
}

function controlModes(): JsonSchema {
  const properties = CONTROLS.map(({ id, title, reportOnly }) => {
    const modes = reportOnly ? ['off', 'report'] : [...MODES];
    return [id, { description: title, enum: modes }] as const;
  });
  return { properties: Object.fromEntries(properties), additionalProperties: false };
}

export interface Field {
  readonly name: string;
  readonly default: string;
  readonly meaning: string;
}

/** Every field in the order of the file, its name from the top; entries of a list are `name[]`. */
export function fieldsOf(schema: JsonSchema, prefix = ''): Field[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).flatMap(([key, field]) => {
    const name = `${prefix}${key}`;
    if (name === 'controls') return [fieldOf(name, field, false)];
    return [fieldOf(name, field, required.has(key)), ...fieldsBelow(name, field)];
  });
}

function fieldOf(name: string, field: JsonSchema, isRequired: boolean): Field {
  const isSection = field.properties !== undefined && name !== 'controls';
  const standard = field.default === undefined || isSection ? '' : `\`${written(field.default)}\``;
  return { name, default: isRequired ? '**required**' : standard, meaning: field.description ?? '(no description)' };
}

function fieldsBelow(name: string, field: JsonSchema): Field[] {
  if (!field.items) return fieldsOf(field, `${name}.`);
  const choices = field.items.anyOf ?? [field.items];
  return choices
    .flatMap((choice) => fieldsOf(choice.anyOf ? {} : choice, `${name}[].`))
    .map((each) => {
      // Of several ways to write an entry none is required by itself.
      return choices.length > 1 && each.name.split('.').length <= name.split('.').length + 1
        ? { ...each, default: '' }
        : each;
    });
}

/** As it would stand in YAML's short form; long lists by their length. */
function written(value: unknown): string {
  if (Array.isArray(value) && value.length > 6) return `(${value.length} entries)`;
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([key, each]) => `${key}: ${written(each)}`)
      .join(', ')} }`.replace('{  }', '{}');
  }
  return String(value);
}
