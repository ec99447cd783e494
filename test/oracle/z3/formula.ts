// Formulas in SMT-LIB text, the language every solver reads, so that a failing question can be given to any of them as it stands.
import type { AddressRange, Family } from '../address';

export type Formula = string;

/** The unknowns of a question: source and destination have as many bits as the family's addresses, the port has 16. */
export type Unknown = 'source' | 'destination' | 'sourcePort';

export function bitsOf(family: Family): number {
  return family === 4 ? 32 : 128;
}

export function literal(value: bigint | number, bits: number): Formula {
  return `#x${value.toString(16).padStart(bits / 4, '0')}`;
}

export function not(formula: Formula): Formula {
  return `(not ${formula})`;
}

export function everyOf(formulas: readonly Formula[]): Formula {
  return join('and', 'true', formulas);
}

export function anyOf(formulas: readonly Formula[]): Formula {
  return join('or', 'false', formulas);
}

/** The unknown, or the number, lies between two numbers, both included. */
export function between(what: Formula, first: bigint | number, last: bigint | number, bits: number): Formula {
  return `(and (bvule ${literal(first, bits)} ${what}) (bvule ${what} ${literal(last, bits)}))`;
}

/** The unknown address lies in one of the ranges; those of the other family hold no address of this one. */
export function isIn(unknown: Unknown, ranges: readonly AddressRange[], family: Family): Formula {
  const own = ranges.filter((range) => range.family === family);
  return anyOf(own.map(({ first, last }) => between(unknown, first, last, bitsOf(family))));
}

function join(word: string, neutral: Formula, formulas: readonly Formula[]): Formula {
  const [only, ...more] = formulas;
  if (only === undefined) return neutral;
  return more.length === 0 ? only : `(${word} ${formulas.join(' ')})`;
}
