/** Sets of TCP and UDP ports. */
import { type Intervals, normalize } from './interval';

export type PortSet = Intervals<number>;

export const EVERY_PORT: PortSet = [[0, 65535]];

/** Reads `*`, `22` or `443-4000`; undefined if it is none of them or lies outside 0–65535. */
export function parsePorts(text: string): PortSet | undefined {
  if (text === '*' || text.toLowerCase() === 'any') return EVERY_PORT;
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (!match) return undefined;
  const low = Number(match[1]);
  const high = Number(match[2] ?? match[1]);
  return low <= high && high <= 65535 ? [[low, high]] : undefined;
}

/** The set of several ports. */
export function portsOf(ports: readonly number[]): PortSet {
  return normalize(ports.map((port) => [port, port] as const));
}

/** The set as Azure writes it, one text per interval: `22`, `443-3388`, or `*` for all. */
export function formatPorts(ports: PortSet): string[] {
  return ports.map(([low, high]) =>
    low === high ? String(low) : low === 0 && high === 65535 ? '*' : `${low}-${high}`,
  );
}

/** Whether the set holds all ports, however it was written. */
export function isEveryPort(ports: PortSet): boolean {
  const [only] = ports;
  return ports.length === 1 && only?.[0] === 0 && only[1] === 65535;
}
