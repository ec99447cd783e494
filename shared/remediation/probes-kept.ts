/** The fact of a proof about health probes: where one asks, the platform's own address keeps its way in. */
import { addressDifference, addressIntersection, isEmpty } from '../network/address';
import { endpointsOf } from '../network/endpoint';
import { analyse } from '../network/exposure';
import { probedPortFinder } from '../network/forwarding-to';
import type { Network } from '../network/network';
import { LOAD_BALANCER_PROBE } from '../network/service-tag';
import type { ProofFact } from './plan';
import { sourcesTo } from './traffic';

const CLAIM = 'every health probe arrives as before';

/** Compares what the rules admit of the probes' own address, at every port that is probed. */
export function probesFact(before: Network, after: Network): ProofFact {
  if (before.probes.length === 0) return { claim: CLAIM, holds: true, detail: 'nothing is probed' };
  const [old, now] = [analyse(before), analyse(after)];
  const later = new Map(endpointsOf(after).map((endpoint) => [endpoint.id, endpoint]));
  const probedPorts = probedPortFinder(before);
  const cut = endpointsOf(before).flatMap((endpoint) =>
    [...probedPorts(endpoint)]
      .filter((port) => {
        const same = later.get(endpoint.id);
        const had = sourcesTo(endpoint.addresses, old.admissions(endpoint, 'tcp', port));
        const has = same && sourcesTo(same.addresses, now.admissions(same, 'tcp', port));
        const lost = has ? addressDifference(had, has) : had;
        return !isEmpty(had) && !isEmpty(addressIntersection(lost, LOAD_BALANCER_PROBE));
      })
      .map((port) => `${endpoint.name}:${port}`),
  );
  return cut.length === 0
    ? { claim: CLAIM, holds: true, detail: 'at every port that is probed' }
    : { claim: CLAIM, holds: false, detail: `the probes of ${cut.slice(0, 3).join(', ')} would be shut out` };
}
