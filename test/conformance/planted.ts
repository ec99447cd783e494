// Faults planted in examples that fit: a validator that finds nothing must at least find these.
import type { JsonObject } from '../../playground/azure/json';
import { isObject, objectAt, textAt } from '../../playground/azure/json';
import type { BodyCheck } from './body-check';
import type { ExampleAnswer } from './examples';

interface Fault {
  readonly title: string;
  /** The body with the fault; undefined where there is no place for it. */
  readonly plant: (body: JsonObject) => JsonObject | undefined;
}

const FAULTS: readonly Fault[] = [
  { title: 'an undeclared property', plant: (body) => ({ ...body, undeclaredByAnybody: true }) },
  { title: 'a number for the name', plant: (body) => (textAt(body, 'name') ? { ...body, name: 7 } : undefined) },
  {
    title: 'an undeclared property within',
    plant: (body) =>
      isObject(body.properties) ? { ...body, properties: { ...body.properties, undeclaredByAnybody: 1 } } : undefined,
  },
  {
    title: 'a number for the state',
    plant(body) {
      if (!textAt(body, 'properties', 'provisioningState')) return undefined;
      return { ...body, properties: { ...objectAt(body, 'properties'), provisioningState: 1 } };
    },
  },
];

/** Plants each fault in each answer that fits without it. */
export function plantFaults(
  answers: readonly ExampleAnswer[],
  check: BodyCheck,
): { readonly planted: number; readonly missed: readonly string[] } {
  let planted = 0;
  const missed: string[] = [];
  for (const { title, schema, body } of answers) {
    if (!isObject(body) || check(schema, 'answer', body).length > 0) continue;
    for (const fault of FAULTS) {
      const faulty = fault.plant(body);
      if (!faulty) continue;
      planted += 1;
      if (check(schema, 'answer', faulty).length === 0) missed.push(`${title}: ${fault.title}`);
    }
  }
  return { planted, missed };
}
