/** Makes text that others wrote (names of rules, people, resources) harmless for the place it is shown in. */

/** Controls, bidi and zero-width characters, line breaks and lone surrogates: everything that hides or reorders text. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const WHITE = /[\t\n\r\u0085\u2028\u2029]+/gu;

/**
 * One line in which every character can be seen: line breaks and tabs become a space, every other invisible character
 * is written out as `‹U+202E›`. So it cannot move a terminal's cursor, start a mail header or turn the reading direction.
 * At most `max` characters are kept; a cut shows as `…`.
 */
export function plain(text: string, max = 512): string {
  const head = Array.from(text.slice(0, max * 2 + 2));
  const kept = head.length > max ? `${head.slice(0, max - 1).join('')}…` : head.join('');
  return kept.replace(WHITE, ' ').replace(INVISIBLE, written).trim();
}

function written(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`;
}

/**
 * `plain`, escaped for the Markdown of an Adaptive Card's TextBlock and Fact
 * (https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features): shows literally, links nothing, mentions
 * nobody. Only characters that could mean something where they stand are escaped, so that ordinary names stay as they are.
 */
export function markdown(text: string, max = 512): string {
  return (
    plain(text, max)
      .replace(/&(?=#?\w+;)/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/[\\`*[\]~]/g, '\\$&')
      // Some mobile clients overlook a backslash before a bracket; broken between the brackets it is no link for them either.
      .replace(/\]\(/g, ']\\(')
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
      // {{DATE(…)}} and {{TIME(…)}} would be replaced by a time of the writer's choice.
      .replace(/\{(?=\{)/g, '{\\')
      .replace(/^([-+#])(?=\s|\1|$)/, '\\$1')
      .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** `plain`, escaped for HTML text and quoted attributes. */
export function html(text: string, max = 512): string {
  return plain(text, max).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
