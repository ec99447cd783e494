/** How immediate a holding is: what stands by itself first, what somebody has to do or wait for last. */
import type { Holding } from './identity';

const ORDER: readonly Holding[] = ['assigned', 'activated', 'eligible', 'planned'];

/** 0 for what takes nothing at all. */
export function effortOf(holding: Holding): number {
  return ORDER.indexOf(holding);
}

/** What it takes to use several holdings together, of which there is at least one. */
export function hardestOf(first: Holding, ...others: readonly Holding[]): Holding {
  return others.reduce((worst, each) => (effortOf(each) > effortOf(worst) ? each : worst), first);
}
