import { describe, expect, test } from '@jest/globals';
import { wrap } from '../../playground/wrap';

describe('playground/wrap', () => {
  test('a line that fits stays as it is, with its indentation', () => {
    expect(wrap('   one  two ', 20, 5)).toEqual(['   one  two ']);
  });

  test('a longer line goes on under where its text began', () => {
    expect(wrap('  note  the quick brown fox jumps', 20, 8)).toEqual([
      '  note  the quick',
      '        brown fox',
      '        jumps',
    ]);
  });

  test('colour takes no room', () => {
    expect(wrap('\u001B[32myes\u001B[39m it is so', 12, 4)).toEqual(['\u001B[32myes\u001B[39m it is so']);
  });

  test('a word that is longer than the line stays whole', () => {
    expect(wrap('aaa 0123456789012345678901234 b', 10, 2)).toEqual(['aaa', '  0123456789012345678901234', '  b']);
  });

  test('nothing is an empty line', () => {
    expect(wrap('', 80, 2)).toEqual(['']);
  });
});
