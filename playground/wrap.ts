/** Breaks a line for a terminal: at spaces, with what follows indented under where the text began. */
import { stripVTControlCharacters } from 'node:util';

/** `line` in pieces of at most `width` visible columns; a word that is longer than that stays whole. */
export function wrap(line: string, width: number, indent: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const word of line.split(/(?<=\S)(?= )/)) {
    const fits = visible(piece) + visible(word) <= width;
    if (fits || visible(piece) <= indent) {
      piece += word;
      continue;
    }
    pieces.push(piece);
    piece = ' '.repeat(indent) + word.trimStart();
  }
  return [...pieces, piece];
}

function visible(text: string): number {
  return stripVTControlCharacters(text).length;
}
