/** Careful looks into JSON of unknown shape: each answers undefined, or an empty list, instead of throwing. */

export type JsonObject = { readonly [key: string]: unknown };

/** Whether the value is a JSON object (not an array, not null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value if it is an object, otherwise an empty one. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The value if it is a list, otherwise an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value if it is a non-empty text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The `properties` bag; `az … list` prints its content flattened into the resource itself. */
export function propertiesOf(value: unknown): JsonObject {
  const object = objectOf(value);
  return isObject(object.properties) ? object.properties : object;
}

/** The id inside a reference such as `{"id": "/subscriptions/…"}`. */
export function referenceOf(value: unknown): string | undefined {
  return textOf(objectOf(value).id);
}

/** Whether the text stands for a value that only a deployment would know: a template expression or a placeholder. */
export function isUnresolved(value: unknown): boolean {
  return typeof value === 'string' && (/^\[.*\]$/s.test(value) || /^<[^>]*>$/.test(value) || /\{[^}]*\}/.test(value));
}
