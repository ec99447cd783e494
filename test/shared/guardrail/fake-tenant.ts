/** A subscription in memory: real reading, real rewriting of groups, and whatever goes wrong when it is told to. */
import { rewriteSecurityGroup } from '../../../shared/azure/security-group-body';
import { isRuleAction, type RuleAction } from '../../../shared/network/action';
import { type Gap, keyOf, type ResourceKey } from '../../../shared/network/network';
import { readNetwork } from '../../../shared/network/read';
import type { Snapshot, Tenant, WriteTurn } from '../../../shared/ports';
import type { Outcome } from '../../../shared/remediation/outcome';
import type { Scope } from '../../../shared/scope';
import { hubAndSpoke, type Resource, withRules } from '../../estate';

/** What happens to one write instead of working. */
export type Mishap =
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'fails'; readonly why: string }
  /** Azure has it, and is not done with it while we wait. */
  | { readonly kind: 'started' }
  /** The answer is lost after it was carried out. */
  | { readonly kind: 'lost answer' };

export interface FakeTenant extends Tenant {
  /** Somebody changes the rules of a group; its etag moves. */
  readonly edit: (group: string, change: (rules: readonly Resource[]) => readonly Resource[]) => void;
  readonly replace: (change: (resources: Resource[]) => Resource[]) => void;
  readonly rulesOf: (group: string) => string[];
  readonly resources: () => readonly Resource[];
  /** Asked before every write. */
  meet: (group: string) => Mishap | undefined;
  /** Parts of the scope that cannot be read now. */
  gaps: readonly Gap[];
  /** Thrown by every read of the whole scope. */
  blind: Error | undefined;
  /** What reads of single resources show instead of what is there. */
  stale: Resource[] | undefined;
  readonly writes: string[];
}

export function fakeTenant(now: () => Date): FakeTenant {
  let resources = hubAndSpoke();
  let etags = 0;

  function put(name: string, properties: unknown): void {
    etags += 1;
    const etag = `W/"${etags}"`;
    resources = resources.map((each) => (each.name === name ? { ...each, properties, etag } : each));
  }

  function snapshotOf(scope: Scope, seen: Resource[], gaps: readonly Gap[]): Snapshot {
    const read = readNetwork(seen);
    return { scope, takenAt: now(), network: read.network, gaps: [...gaps, ...read.gaps], resources: seen };
  }

  async function write(
    snapshot: Snapshot,
    group: ResourceKey,
    actions: readonly RuleAction[],
    turn: WriteTurn,
  ): Promise<Outcome> {
    const facts = { resource: group, requestIds: ['request-1'], changes: [] };
    const seen = (snapshot.resources as Resource[]).find(({ id }) => keyOf(String(id)) === group);
    if (!seen) return { ...facts, status: 'failed', why: 'it was not read', retryable: false };
    const rewriting = rewriteSecurityGroup(seen, actions);
    if (rewriting.kind !== 'write') return { ...facts, status: 'already' };
    const no = await turn.mayWrite();
    if (no !== undefined) return { ...facts, status: 'stopped', why: no };
    const name = String(seen.name);
    const mishap = tenant.meet(name);
    const { changes } = rewriting;
    if (mishap?.kind === 'refused')
      return { ...facts, status: 'failed', why: mishap.why, retryable: false, refusal: true };
    if (mishap?.kind === 'fails') return { ...facts, status: 'failed', why: mishap.why, retryable: true };
    const current = resources.find((each) => each.name === name);
    if (current?.etag !== seen.etag) return { ...facts, status: 'superseded' };
    tenant.writes.push(name);
    if (mishap?.kind === 'started') return { ...facts, changes, status: 'started' };
    put(name, rewriting.body.properties);
    if (mishap?.kind === 'lost answer') {
      return { ...facts, changes, status: 'failed', why: 'the connection was reset', retryable: true };
    }
    return { ...facts, changes, status: 'applied' };
  }

  const tenant: FakeTenant = {
    meet: () => undefined,
    gaps: [],
    blind: undefined,
    stale: undefined,
    writes: [],
    resources: () => resources,
    edit(group, change) {
      const edited = withRules(resources, group, change).find((each) => each.name === group);
      put(group, edited?.properties);
    },
    replace(change) {
      resources = change(resources);
    },
    rulesOf(group) {
      const found = resources.find((each) => each.name === group);
      const properties = found?.properties as { securityRules: Resource[] } | undefined;
      return (properties?.securityRules ?? []).map(({ name }) => String(name));
    },
    async observe(scope) {
      if (tenant.blind) throw tenant.blind;
      return snapshotOf(scope, resources, tenant.gaps);
    },
    async apply(snapshot, wanted, turn) {
      const actions = wanted.filter(isRuleAction);
      const groups = new Set(actions.map((action) => keyOf(action.securityGroup)));
      const outcomes: Outcome[] = [];
      for (const group of groups) {
        const own = actions.filter((action) => keyOf(action.securityGroup) === group);
        outcomes.push(await write(snapshot, group, own, turn));
      }
      return outcomes;
    },
    async lookAgain(snapshot, keys) {
      const current = new Map((tenant.stale ?? resources).map((each) => [keyOf(String(each.id)), each]));
      const seen = (snapshot.resources as Resource[]).flatMap((each) => {
        const key = keyOf(String(each.id));
        if (!keys.includes(key)) return [each];
        const again = current.get(key);
        return again ? [again] : [];
      });
      return snapshotOf(snapshot.scope, seen, tenant.gaps);
    },
  };
  return tenant;
}
