/** Reads an adaptive card the way a person would, and says what Teams would refuse about it. */
import { AdaptiveCard, SerializationContext } from 'adaptivecards/dist/adaptivecards.js';
import { isObject, type JsonObject } from '../json';

const newestVersion = 1.5;
const mostPrimaryActions = 6;
const actionTypes = new Set(['Action.OpenUrl', 'Action.ShowCard', 'Action.ToggleVisibility']);

/** Everything about `card` for which a Workflows flow would not post it; empty when it would. */
export function cardProblems(card: unknown): string[] {
  if (!isObject(card) || card['type'] !== 'AdaptiveCard') return ['the content is not an AdaptiveCard'];
  const problems: string[] = [];
  const version = card['version'];
  if (typeof version !== 'string' || !/^1\.\d$/.test(version)) problems.push('version is missing or not like "1.5"');
  else if (Number(version) > newestVersion) problems.push(`version ${version} is newer than Teams shows`);
  if (!Array.isArray(card['body'])) problems.push('body is not an array');
  if (Array.isArray(card['actions']) && card['actions'].length > mostPrimaryActions) {
    problems.push(`${card['actions'].length} actions, Teams shows ${mostPrimaryActions}`);
  }
  for (const element of elementsOf(card)) problems.push(...elementProblems(element));
  return problems.length > 0 ? problems : rendererProblems(card);
}

// The renderer's own validation misses a missing text and a missing url, hence this one before it.
function elementProblems(element: JsonObject): string[] {
  const type = String(element['type']);
  if (type === 'TextBlock' && typeof element['text'] !== 'string') return ['a TextBlock has no text'];
  if (type === 'FactSet' && !isFactList(element['facts'])) return ['a FactSet has a fact without title or value'];
  if (!type.startsWith('Action.')) return [];
  if (!actionTypes.has(type)) return [`${type} needs a bot: a flow cannot post it`];
  if (type === 'Action.OpenUrl' && !/^https?:\/\/\S+$/.test(String(element['url']))) {
    return ['an Action.OpenUrl has no http(s) url'];
  }
  return [];
}

function rendererProblems(card: JsonObject): string[] {
  const context = new SerializationContext();
  const parsed = new AdaptiveCard();
  parsed.parse(structuredClone(card), context);
  const events = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message);
  return [...events, ...parsed.validateProperties().validationEvents.map((event) => event.message)];
}

/** The text of a card in reading order, one line per paragraph, fact or action. */
export function cardText(card: unknown): string {
  return isObject(card) ? linesOf(card).join('\n') : '';
}

function linesOf(element: JsonObject): string[] {
  const lines: string[] = [];
  if (typeof element['text'] === 'string') lines.push(element['text']);
  for (const fact of objectsIn(element['facts'])) lines.push(`${String(fact['title'])}: ${String(fact['value'])}`);
  if (typeof element['codeSnippet'] === 'string') lines.push(element['codeSnippet']);
  if (Array.isArray(element['inlines'])) lines.push(element['inlines'].map(inlineText).join(''));
  if (element['type'] === 'TableRow')
    lines.push(
      objectsIn(element['cells'])
        .map((cell) => linesOf(cell).join(' '))
        .join(' | '),
    );
  else for (const key of ['body', 'items', 'columns', 'rows']) lines.push(...objectsIn(element[key]).flatMap(linesOf));
  if (isObject(element['card'])) lines.push(...linesOf(element['card']));
  for (const action of objectsIn(element['actions'])) {
    lines.push(
      `[${String(action['title'] ?? action['type'])}]${typeof action['url'] === 'string' ? ` ${action['url']}` : ''}`,
    );
    if (isObject(action['card'])) lines.push(...linesOf(action['card']));
  }
  return lines;
}

function inlineText(inline: unknown): string {
  if (typeof inline === 'string') return inline;
  return isObject(inline) && typeof inline['text'] === 'string' ? inline['text'] : '';
}

function* elementsOf(element: JsonObject): Generator<JsonObject> {
  for (const key of ['body', 'items', 'columns', 'rows', 'cells', 'actions']) {
    for (const child of objectsIn(element[key])) {
      yield child;
      yield* elementsOf(child);
    }
  }
  for (const key of ['card', 'selectAction']) {
    const child = element[key];
    if (!isObject(child)) continue;
    yield child;
    yield* elementsOf(child);
  }
}

function isFactList(facts: unknown): boolean {
  return (
    Array.isArray(facts) &&
    facts.every((fact) => isObject(fact) && typeof fact['title'] === 'string' && typeof fact['value'] === 'string')
  );
}

function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
