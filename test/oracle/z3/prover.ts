// Asks Z3 whether a claimed set of sources is exactly what the rules let through, over all packets and not only over those tried.
import type { AddressRange, Family } from '../address';
import type { Formula } from './formula';
import { init, killThreads } from 'z3-solver';
import { formatAddress, parseRange } from '../address';
import { anyOf, bitsOf, everyOf, isIn, not } from './formula';

/** Every one of the sources reaches every one of the destinations. Prefixes as text. */
export interface Claim {
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
}

export interface Counterexample {
  readonly is: 'claimed but not let through' | 'let through but not claimed';
  readonly source: string;
  readonly destination: string;
  /** For what is claimed but not let through there is none: no source port works. */
  readonly sourcePort?: number;
  /** The question as SMT-LIB text. */
  readonly question: string;
}

export interface Prover {
  /**
   * A packet on which the claims and the formula differ; undefined when there is none. A source is rightly claimed when some source
   * port of its choice gets through. Only packets for which `assumption` holds are asked about. Throws when the solver gives up.
   */
  disagreement(
    arrives: Formula,
    claims: readonly Claim[],
    family: Family,
    assumption?: Formula,
  ): Promise<Counterexample | undefined>;
  /** Ends the solver's threads, which keep the process alive, once the question it is at is answered. */
  stop(): Promise<void>;
}

/** Starts the solver, which keeps threads running until it is stopped. */
export async function startProver(): Promise<Prover> {
  const { Context, em } = await init();
  const { Solver } = Context('reachability');
  let isStopped = false;
  let current: Promise<unknown> = Promise.resolve();

  function ask(question: string, family: Family): Promise<Omit<Counterexample, 'is'> | undefined> {
    // A test that ran out of time goes on asking, and every question would start new threads.
    if (isStopped) throw new Error('the solver was stopped');
    const answer = answerTo(question, family);
    current = answer.catch(() => undefined);
    return answer;
  }

  async function answerTo(question: string, family: Family): Promise<Omit<Counterexample, 'is'> | undefined> {
    const solver = new Solver();
    solver.fromString(question);
    const answer = await solver.check();
    if (answer === 'unknown') throw new Error(`no answer to ${question}`);
    const model = answer === 'sat' ? solver.model().sexpr() : undefined;
    solver.release();
    if (model === undefined) return undefined;
    const value = (unknown: string): bigint => readValue(model, unknown);
    return {
      source: formatAddress({ family, value: value('source') }),
      destination: formatAddress({ family, value: value('destination') }),
      sourcePort: Number(value('sourcePort')),
      question,
    };
  }

  return {
    async disagreement(arrives, claims, family, assumption = 'true') {
      const claimed = anyOf(claims.map((claim) => claimFormula(claim, family)));
      const missed = await ask(write(arrives, family, [assumption, not(claimed), 'through']), family);
      if (missed) return { ...missed, is: 'let through but not claimed' };
      const nowhere = `(forall ((sourcePort (_ BitVec 16))) (not ${arrives}))`;
      const invented = await ask(write(arrives, family, [assumption, claimed, nowhere]), family);
      if (!invented) return undefined;
      const { sourcePort: _none, ...packet } = invented;
      return { ...packet, is: 'claimed but not let through' };
    },
    async stop() {
      isStopped = true;
      await current;
      await killThreads(em);
    },
  };
}

function claimFormula({ sources, destinations }: Claim, family: Family): Formula {
  return everyOf([
    isIn('source', sources.flatMap(rangesOf), family),
    isIn('destination', destinations.flatMap(rangesOf), family),
  ]);
}

function rangesOf(text: string): AddressRange[] {
  return [parseRange(text) ?? []].flat();
}

function write(arrives: Formula, family: Family, assertions: readonly Formula[]): string {
  const address = `(_ BitVec ${bitsOf(family)})`;
  return [
    `(declare-const source ${address})`,
    `(declare-const destination ${address})`,
    '(declare-const sourcePort (_ BitVec 16))',
    `(define-fun through () Bool ${arrives})`,
    ...assertions.map((assertion) => `(assert ${assertion})`),
  ].join('\n');
}

/** What the model says of one unknown; 0 where it may be anything. */
function readValue(model: string, unknown: string): bigint {
  const [, digits] = new RegExp(`define-fun ${unknown} \\(\\)[^#]*#(x[0-9a-f]+|b[01]+)`).exec(model) ?? [];
  return digits === undefined ? 0n : BigInt(`0${digits}`);
}
