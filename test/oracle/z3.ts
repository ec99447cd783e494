// The solver's front: everything a test needs to ask whether a set of sources is exactly right.
export type { Claim, Counterexample, Prover } from './z3/prover';
export type { Slice } from './z3/slice';
export { startProver } from './z3/prover';
export { arrives, arrivesBehind, isPrivate } from './z3/slice';
