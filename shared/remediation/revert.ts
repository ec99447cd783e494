/** Revert: the smallest part of the drift that, put back, ends a finding; whatever else was edited meanwhile stays. */
import type { Finding, Remedy } from '../finding';
import { keyOf, parentIdOf, type ResourceKey } from '../network/network';
import { textOf } from '../network/json';
import { isPeeringKey } from '../network/peering-state';
import { actionsFor, type DriftPiece, driftPieces } from './drifted';

export interface RevertInput {
  readonly accepted: readonly unknown[];
  readonly now: readonly unknown[];
  /** Resources whose accepted state does not satisfy today's policy: it is never restored. */
  readonly unfit: ReadonlySet<ResourceKey>;
  /** Whether a remedy can be proven. */
  readonly isProven: (remedy: Remedy) => boolean;
}

/** More pieces than this are no slip of one person, and each has to be proven. */
const MOST_PIECES = 40;
/** How many pieces are put back together at the most before they are thinned out. */
const MOST_TOGETHER = 12;

/** The revert of a finding that is drift; undefined if no part of the drift, put back, can be proven to end it. */
export function revertOf(finding: Finding, { accepted, now, unfit, isProven }: RevertInput): Remedy | undefined {
  const own = new Set([finding.resource, ...(finding.evidence.namedDoors ?? [])].map(keyOf));
  const all = driftPieces(accepted, now, own).filter((piece) => !unfit.has(piece.resource));
  const decides = decidingRules(finding);
  const isDeciding = (piece: DriftPiece): boolean => decides.has(`${piece.resource} ${ruleOf(piece)}`);
  // What decides comes first: mostly it is the one, and every other has to be proven in vain.
  const pieces = [...all.filter(isDeciding), ...all.filter((piece) => !isDeciding(piece))].slice(0, MOST_PIECES);
  for (const piece of pieces) {
    if (isProven(remedyOf([piece]))) return remedyOf([piece]);
    const needed = neededBy(piece, pieces);
    if (needed.length === 0 || !isProven(remedyOf([...needed, piece]))) continue;
    return remedyOf(thinned([...needed, piece], isProven));
  }
  const isOwn = ({ resource }: DriftPiece): boolean => own.has(resource);
  for (const together of [pieces.filter(isOwn), pieces.filter(({ wasTaken }) => wasTaken), pieces]) {
    if (together.length < 2 || together.length > MOST_TOGETHER || !isProven(remedyOf(together))) continue;
    return remedyOf(thinned(together, isProven));
  }
  return undefined;
}

/** The rules that the evidence names, as group and name in lower case. */
function decidingRules({ evidence }: Finding): ReadonlySet<string> {
  const decisions = evidence.exposures.flatMap(({ decidedBy }) => decidedBy);
  return new Set([
    ...decisions.map(({ securityGroup, rule }) => `${keyOf(securityGroup ?? '')} ${keyOf(rule ?? '')}`),
    ...(evidence.namedRules ?? []).map(({ securityGroup, rule }) => `${securityGroup} ${keyOf(rule)}`),
  ]);
}

function ruleOf(piece: DriftPiece): string {
  if (piece.kind === 'rule-part') return keyOf(textOf(piece.rule.name) ?? '');
  return 'rule' in piece.action && typeof piece.action.rule === 'string' ? keyOf(piece.action.rule) : '';
}

/** The pieces that make what this one refers to: a group that was deleted, or the other half of a peering. */
function neededBy(piece: DriftPiece, pieces: readonly DriftPiece[]): readonly DriftPiece[] {
  const text = keyOf(JSON.stringify(piece));
  return pieces.filter((each) => {
    if (each === piece || !isMaking(each)) return false;
    const isHalf = isPeeringKey(each.resource) && isPeeringKey(piece.resource);
    return text.includes(`"${isHalf ? parentIdOf(each.resource) : each.resource}"`);
  });
}

function isMaking(piece: DriftPiece): boolean {
  return piece.kind === 'action' && piece.action.kind === 'create-resource';
}

/** Leaves out every piece that is not needed. */
function thinned(pieces: readonly DriftPiece[], isProven: RevertInput['isProven']): readonly DriftPiece[] {
  return pieces.reduce((kept, piece) => {
    const without = kept.filter((each) => each !== piece);
    return without.length > 0 && isProven(remedyOf(without)) ? without : kept;
  }, pieces);
}

function remedyOf(pieces: readonly DriftPiece[]): Remedy {
  const needsApproval = pieces.flatMap((piece) => (piece.kind === 'action' ? (piece.needsApproval ?? []) : [])).at(0);
  return {
    kind: 'revert',
    title: pieces.map(({ title }) => title).join('; '),
    actions: actionsFor(pieces),
    ...(pieces.every(({ wasTaken }) => wasTaken) && { putsBack: true }),
    ...(needsApproval !== undefined && { needsApproval }),
  };
}
