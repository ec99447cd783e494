/** IPv4 as numbers, for a judge that shares no code with what it judges. */

export type Range = readonly [low: number, high: number];

export function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** A prefix or a single address; undefined for anything else. */
export function rangeOf(text: string): Range | undefined {
  const [, address, length = '32'] = /^(\d+\.\d+\.\d+\.\d+)(?:\/(\d+))?$/.exec(text) ?? [];
  if (address === undefined) return undefined;
  const size = 2 ** (32 - Number(length));
  const low = Math.floor(numberOf(address) / size) * size;
  return [low, low + size - 1];
}

export function isIn(address: number, ranges: readonly Range[]): boolean {
  return ranges.some(([low, high]) => low <= address && address <= high);
}

export function rangesOf(texts: readonly unknown[]): Range[] {
  return texts
    .map((text) => (typeof text === 'string' ? rangeOf(text) : undefined))
    .filter((range) => range !== undefined);
}
