/** What one reading of the sign-in settings brings. Nothing here throws about the world. */
import type { Gap } from '../../network/network';
import type { AzureError } from '../error';
import type { ArmPages } from './arm-pages';
import type { Pages } from './graph-pages';
import { notRead } from './not-read';

export interface Reading {
  /** Raw entries, each with what tells what it is; see identity/read.ts. */
  readonly entries: readonly unknown[];
  readonly gaps: readonly Gap[];
}

/** Several readings as one, in this order. */
export function joined(readings: readonly Reading[]): Reading {
  return {
    entries: readings.flatMap(({ entries }) => entries),
    gaps: readings.flatMap(({ gaps }) => gaps),
  };
}

/** A list, and a gap if it could not be read to its end. */
export function readingOf(path: string, { items, error }: Pages | ArmPages): Reading {
  return { entries: items, gaps: error ? [notRead(path, error)] : [] };
}

/** What was sent nowhere or refused is one gap for all paths that were asked together. */
export function onlyGap(path: string, error: AzureError): Reading {
  return { entries: [], gaps: [notRead(path, error)] };
}
