/** One case: a clean estate and what people do to it, one after the other, before anybody looks. */
import * as fc from 'fast-check';
import { createLocalAzure } from '../../playground/azure';
import { personToken } from '../../playground/azure/token';
import { isObject, listAt, parseJson } from '../../playground/json';
import { arbitraryBlueprint, type EstateBlueprint } from './blueprint';
import { buildEstate, type GeneratedEstate } from './build/estate';
import type { Resource } from './build/resource';
import { type Choice, type Edit, idOf, type Write } from './edits/edit';
import { EDIT_KINDS, EDIT_NAMES, type EditName } from './edits';

export interface PlannedEdit extends Choice {
  readonly kind: EditName;
}

export interface CasePlan {
  readonly blueprint: EstateBlueprint;
  readonly edits: readonly PlannedEdit[];
}

/** 1–5 edits of any kind. */
export function arbitraryCase(): fc.Arbitrary<CasePlan> {
  const edit = fc.record<PlannedEdit>({ kind: fc.constantFrom(...EDIT_NAMES), which: fc.nat(999), how: fc.nat(999) });
  return fc.record<CasePlan>({
    blueprint: arbitraryBlueprint(),
    edits: fc.array(edit, { minLength: 1, maxLength: 5, size: 'max' }),
  });
}

export interface DoneEdit extends Edit {
  readonly kind: EditName;
}

/** What ARM shows before and after the edits it took. */
export interface Drifted {
  readonly estate: GeneratedEstate;
  readonly before: readonly Resource[];
  readonly after: readonly Resource[];
  readonly edits: readonly DoneEdit[];
}

/** Where edits are played: over the wire, or on a local Azure in this process. */
export interface Arena {
  /** Whether ARM took it. */
  readonly send: (write: Write) => Promise<boolean>;
  /** Every resource as ARM shows it now. */
  readonly state: () => Promise<readonly Resource[]>;
}

/** Plays the edits, each made from what the ones before it left; those that ARM refuses are left out. */
export async function playEdits(
  edits: readonly PlannedEdit[],
  { send, state }: Arena,
): Promise<Pick<Drifted, 'before' | 'after' | 'edits'>> {
  const before = await state();
  const done: DoneEdit[] = [];
  let after = before;
  for (const planned of edits) {
    const edit = EDIT_KINDS[planned.kind].make(after, planned);
    if (!edit || !(await inOrder(edit.writes, send))) continue;
    done.push({ ...edit, kind: planned.kind });
    after = await state();
  }
  return { before, after, edits: done };
}

/** Builds the estate and plays the edits on a local Azure in this process. */
export async function drifted({ blueprint, edits }: CasePlan): Promise<Drifted> {
  const estate = buildEstate(blueprint);
  const azure = createLocalAzure({ estate: estate.resources });
  const token = personToken('Dana Ops', new Date());
  const arena: Arena = {
    async send({ method, id, body }) {
      const answer = await azure.fetch(
        new Request(`http://127.0.0.1${id}?api-version=2024-05-01`, {
          method,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          ...(body && { body: JSON.stringify(body) }),
        }),
      );
      return answer.status < 300;
    },
    async state() {
      const answer = await azure.fetch(new Request('http://127.0.0.1/playground/state'));
      return listAt(parseJson(await answer.text()), 'resources').filter(isObject);
    },
  };
  try {
    return { estate, ...(await playEdits(edits, arena)) };
  } finally {
    await azure.close();
  }
}

/** Whether ARM took any of it; after a refusal nobody goes on. */
async function inOrder(writes: readonly Write[], send: (write: Write) => Promise<boolean>): Promise<boolean> {
  for (const [at, write] of writes.entries()) {
    if (!(await send(write))) return at > 0;
  }
  return writes.length > 0;
}

/** The subscriptions that hold anything. */
export function subscriptionsOf(resources: readonly Resource[]): string[] {
  return [...new Set(resources.map((resource) => idOf(resource).split('/')[2] ?? ''))].toSorted();
}

export function nameOfCase({ edits }: Pick<Drifted, 'edits'>): string {
  const words = edits.map(({ kind, writes }) => `${kind} (${writes.map(({ id }) => textOfId(id)).join(', ')})`);
  return words.join('; ') || 'nothing';
}

function textOfId(id: string): string {
  return id.split('/').slice(8).join('/');
}
