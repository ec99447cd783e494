/** The fact of a proof about references: nobody still goes by a part of a load balancer that is taken away. */
import { keyOf, nameOf, type Network, type ResourceKey } from '../network/network';
import type { ProofFact } from './plan';

/** ARM refuses to remove a NAT rule or a pool that an interface refers to, so the reference has to go first. */
export function referencesFact(before: Network, after: Network): ProofFact {
  const claim = 'nothing refers to what is gone';
  const has = partsOf(after);
  const gone = new Set([...partsOf(before)].filter((key) => !has.has(key)));
  if (gone.size === 0) return { claim, holds: true, detail: 'no part of a load balancer is taken away' };
  const dangling = [...after.interfaces.values()].flatMap(({ name, ipConfigurations }) =>
    ipConfigurations.flatMap(({ pools }) =>
      pools.filter((key) => gone.has(key)).map((key) => `${name} still refers to ${nameOf(key)}`),
    ),
  );
  return dangling.length === 0
    ? { claim, holds: true, detail: 'no interface goes by it any more' }
    : { claim, holds: false, detail: dangling.slice(0, 3).join('; ') };
}

function partsOf({ forwardings }: Network): ReadonlySet<ResourceKey> {
  return new Set(forwardings.flatMap(({ id, targets }) => [keyOf(id), ...targets.pools]));
}
