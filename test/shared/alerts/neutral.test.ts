import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { html, markdown, plain } from '../../../shared/alerts/neutral';

const ESC = '\u001b';

describe('shared/alerts/neutral', () => {
  test.each([
    ['a line break that would start a mail header', 'x\r\nBcc: evil@example.org', 'x Bcc: evil@example.org'],
    ['an escape sequence that would clear the screen', `a${ESC}[2Jb`, 'a‹U+001B›[2Jb'],
    ['a right-to-left override', 'txt.\u202eexe', 'txt.‹U+202E›exe'],
    ['a zero-width space', 'allow\u200brdp', 'allow‹U+200B›rdp'],
    ['a lone surrogate', 'a\ud800b', 'a‹U+D800›b'],
    ['a Unicode line separator', 'a\u2028b', 'a b'],
    ['a name in another script', '田中 Дана Ünal 😀', '田中 Дана Ünal 😀'],
    ['a text that is too long', 'x'.repeat(600), `${'x'.repeat(511)}…`],
  ])('plain shows %s', (_, hostile, shown) => {
    expect(plain(hostile)).toBe(shown);
  });

  test.each([
    ['a link', '[x](http://evil)', '\\[x\\]\\(http://evil)'],
    ['bold', '**x**', '\\*\\*x\\*\\*'],
    ['emphasis by underscores', '_x_ and a_b_c', '\\_x\\_ and a_b_c'],
    ['a mention', '<at>Boss</at>', '&lt;at&gt;Boss&lt;/at&gt;'],
    ['an entity', '&lt;at&gt; R&D', '&amp;lt;at&amp;gt; R&D'],
    ['a bullet', '- x', '\\- x'],
    ['a numbered list', '1. x', '1\\. x'],
    ['a rule across', '---', '\\---'],
    ['code', '`x`', '\\`x\\`'],
    ['a backslash that would undo an escape', '\\[x](y)', '\\\\\\[x\\]\\(y)'],
    ['a date function', '{{DATE(2020-01-01T00:00:00Z)}}', '{\\{DATE(2020-01-01T00:00:00Z)}}'],
    ['a list on a new line', 'a\n- b', 'a - b'],
  ])('markdown shows %s literally', (_, hostile, escaped) => {
    expect(markdown(hostile)).toBe(escaped);
  });

  test('markdown leaves an ordinary witness packet as it is', () => {
    const packet =
      '203.0.113.7:49152 → vm-app_1 (10.1.0.4):3389/tcp, allowed by nsg-app/allow-rdp (priority 120), door pip-vm-app-1';
    expect(markdown(packet)).toBe(packet);
  });

  test('html leaves no tag, attribute or entity to the writer', () => {
    expect(html(`<img src=x onerror='a()'>"&`)).toBe('&lt;img src=x onerror=&#39;a()&#39;&gt;&quot;&amp;');
  });

  const hostile = fc.string({ unit: 'binary', maxLength: 60 });
  const tricky = fc
    .array(fc.constantFrom('[', ']', '(', ')', '*', '_', '\\', '<at>', '&lt;', '\n', '- ', '1. ', '{{', '`', 'x', '~'))
    .map((parts) => parts.join(''));

  test('no text keeps a control character, becomes two lines or opens a tag, in any target', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, tricky), (text) => {
        for (const shown of [plain(text), markdown(text), html(text)]) {
          expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        }
        expect(markdown(text)).not.toMatch(/[<>]/);
        expect(html(text)).not.toMatch(/[<>"']/);
      }),
      { numRuns: 500 },
    );
  });

  test('in Markdown every character that could mean something has its own backslash, and taking them away gives the text', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, tricky), (text) => {
        const escaped = markdown(text);
        expect(escaped.replace(/\\[\p{P}\p{S}]/gu, '')).not.toMatch(/[`*[\]~]/);
        expect(escaped).not.toContain('{{');
        const back = escaped
          .replace(/\\(?=[\\`*[\]~_{(#+.)-])(.)/g, '$1')
          .replace(/&lt;/g, '<')
          .replace(/&gt;/g, '>')
          .replace(/&amp;/g, '&');
        expect(back).toBe(plain(text));
      }),
      { numRuns: 500 },
    );
  });
});
