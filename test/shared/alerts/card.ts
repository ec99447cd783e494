/** Reads a card as a client would: every element with its text, and what the reference library has to say about it. */
import { AdaptiveCard, SerializationContext } from 'adaptivecards/dist/adaptivecards.js';
import { isObject, listOf } from '../../../shared/network/json';

/** Texts of the card in reading order; throws for an element of an unexpected kind or without its text. */
export function textsOf(element: unknown): string[] {
  if (!isObject(element)) throw new Error(`no element: ${JSON.stringify(element)}`);
  switch (element.type) {
    case 'AdaptiveCard':
      return listOf(element.body).flatMap(textsOf);
    case 'Container':
      return listOf(element.items).flatMap(textsOf);
    case 'FactSet':
      return listOf(element.facts).flatMap((fact) =>
        isObject(fact) ? [required(fact.title), required(fact.value)] : [],
      );
    case 'TextBlock':
      return [required(element.text)];
    default:
      throw new Error(`unexpected element ${JSON.stringify(element.type)}`);
  }
}

function required(text: unknown): string {
  if (typeof text !== 'string' || text.trim() === '') throw new Error('an element has no text');
  return text;
}

/** What the reference library finds wrong with the card; nothing is good. */
export function complaintsOf(card: unknown): string[] {
  const context = new SerializationContext();
  const parsed = new AdaptiveCard();
  parsed.parse(card, context);
  const events = Array.from({ length: context.eventCount }, (_, at) => context.getEventAt(at).message);
  return [...events, ...parsed.validateProperties().validationEvents.map((event) => event.message)];
}
