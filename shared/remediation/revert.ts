/** Revert: the smallest part of the drift that, put back, ends a finding; whatever else was edited meanwhile stays. */
import type { Finding, Remedy } from '../finding';
import { keyOf, parentIdOf, type ResourceKey } from '../network/network';
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
  const pieces = all.slice(0, MOST_PIECES);
  for (const piece of pieces) {
    const needed = neededBy(piece, pieces);
    const together = [[piece], [...needed, piece], [...needed, piece, ...changesTo(piece, pieces)]];
    const proven = together.find(
      (each, at) => each.length > (together[at - 1]?.length ?? 0) && isProven(remedyOf(each)),
    );
    if (proven) return remedyOf(thinned(proven, isProven));
  }
  const isOwn = ({ resource }: DriftPiece): boolean => own.has(resource);
  for (const together of [pieces.filter(isOwn), pieces.filter(({ wasTaken }) => wasTaken), pieces]) {
    if (together.length < 2 || together.length > MOST_TOGETHER || !isProven(remedyOf(together))) continue;
    return remedyOf(thinned(together, isProven));
  }
  return undefined;
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

/** The pieces of what this one refers to: a group that comes back may have drifted while it stood nowhere. */
function changesTo(piece: DriftPiece, pieces: readonly DriftPiece[]): readonly DriftPiece[] {
  const text = keyOf(JSON.stringify(piece));
  return pieces.filter(
    (each) => each.resource !== piece.resource && !isMaking(each) && text.includes(`"${each.resource}"`),
  );
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
