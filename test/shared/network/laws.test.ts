/** Laws of the analysis that hold on every estate, checked on generated ones. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { adminPortsOnlyFromBastion } from '../../../shared/controls/admin-ports-only-from-bastion';
import {
  addressDifference,
  addressesOf,
  addressUnion,
  isEmpty,
  isWithin,
  NO_ADDRESS,
  sameAddresses,
  toCidrs,
} from '../../../shared/network/address';
import { endpointsOf } from '../../../shared/network/endpoint';
import { analyse } from '../../../shared/network/exposure';
import { explain } from '../../../shared/network/explain';
import type { Network } from '../../../shared/network/network';
import { readNetwork } from '../../../shared/network/read';
import { defaultPolicy } from '../../../shared/policy/policy';
import { arbitraryEstate } from '../../oracle/generate';

const RUNS = Number(process.env.LAW_RUNS ?? 100);
const PORTS = [22, 443, 3389] as const;

type Json = { readonly [key: string]: unknown };

/** Every source that gets through to the endpoint with this port. */
function admitted(network: Network, id: string, port: number): ReturnType<typeof addressesOf> {
  const endpoint = endpointsOf(network).find((each) => each.id === id);
  if (!endpoint) throw new Error(`${id} was not judged`);
  return analyse(network)
    .admissions(endpoint, 'tcp', port)
    .reduce((sources, admission) => addressUnion(sources, admission.sources), NO_ADDRESS);
}

function check(resources: readonly unknown[]): ReturnType<typeof adminPortsOnlyFromBastion.check> {
  return adminPortsOnlyFromBastion.check(readNetwork(resources).network, defaultPolicy());
}

/** The JSON with every list of resources, rules, subnets, peerings and configurations turned round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed).toReversed();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value as Json).map(([key, each]) => [key, reversed(each)]));
}

describe('laws of the analysis', () => {
  test('explain lets every witness through', () => {
    let witnesses = 0;
    const property = fc.property(arbitraryEstate(), (resources) => {
      const { network } = readNetwork(resources);
      for (const { evidence } of check(resources).findings) {
        const { witness, exposures } = evidence;
        const [worst] = exposures;
        if (!witness || !worst || witness.source === '') continue;
        const endpoint = endpointsOf(network).find((each) => each.id === worst.endpoint);
        witnesses++;
        const answer = explain(network, {
          from: witness.source,
          // A machine by its id, because two networks may use the same address; a subnet by the witness’s own.
          to: endpoint?.address ? worst.endpoint : witness.destination,
          port: witness.port,
          protocol: witness.protocol,
          sourcePort: witness.sourcePort,
        });
        if (endpoint?.address) expect({ witness, answer }).toMatchObject({ answer: { ok: true, verdict: 'allow' } });
      }
    });
    fc.assert(property, { numRuns: RUNS, seed: 20261123 });
    expect(witnesses).toBeGreaterThan(RUNS / 2);
  });

  test('the order of the JSON shows nowhere in who is let through, nor in what is found', () => {
    const property = fc.property(arbitraryEstate(), (resources) => {
      const seen = (result: ReturnType<typeof check>): unknown =>
        result.findings
          .map(({ fingerprint, severity, title, evidence }) => ({ fingerprint, severity, title, evidence }))
          .toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
      expect(seen(check(reversed(resources) as unknown[]))).toEqual(seen(check(resources)));
    });
    fc.assert(property, { numRuns: RUNS, seed: 20261123 });
  });

  test('adding a Deny never widens', () => {
    const deny = fc.record({
      source: fc.constantFrom('*', 'VirtualNetwork', 'Internet', 'Storage', '10.0.0.0/8', '128.0.0.0/1', '::/0'),
      priority: fc.integer({ min: 100, max: 4096 }),
      port: fc.constantFrom('*', '22', '3000-4000'),
    });
    const property = fc.property(arbitraryEstate(), deny, (resources, { source, priority, port }) => {
      const { network } = readNetwork(resources);
      const rule = {
        name: 'added-deny',
        priority,
        direction: 'inbound',
        access: 'deny',
        protocol: '*',
        sourcePorts: [[0, 65535]],
        destinations: [{ kind: 'any', text: '*' }],
        isDefault: false,
      } as const;
      const [read] = readNetwork([
        {
          name: 'x',
          type: 'Microsoft.Network/networkSecurityGroups',
          properties: {
            securityRules: [
              {
                name: rule.name,
                properties: {
                  priority,
                  direction: 'Inbound',
                  access: 'Deny',
                  protocol: '*',
                  sourceAddressPrefix: source,
                  sourcePortRange: '*',
                  destinationAddressPrefix: '*',
                  destinationPortRange: port,
                },
              },
            ],
          },
        },
      ]).network.securityGroups.values();
      const added = read?.rules.find(({ name }) => name === rule.name);
      if (!added) throw new Error('the Deny was not read');
      const securityGroups = new Map(
        [...network.securityGroups].map(([key, group]) => {
          // Equal priorities do not exist in Azure; here the Deny goes below its equal.
          const rules = [...group.rules, added].toSorted((a, b) => a.priority - b.priority);
          return [key, { ...group, rules }] as const;
        }),
      );
      const after: Network = { ...network, securityGroups };
      for (const { id } of endpointsOf(network)) {
        for (const each of PORTS) {
          const widened = addressDifference(admitted(after, id, each), admitted(network, id, each));
          expect({ id, port: each, widened: toCidrs(widened) }).toEqual({ id, port: each, widened: [] });
        }
      }
    });
    fc.assert(property, { numRuns: RUNS / 2, seed: 20261123 });
  });

  test('who reaches some port of a range is who reaches one of its ports', () => {
    const range = { low: 20, high: 25 };
    const property = fc.property(arbitraryEstate(), (resources) => {
      const { network } = readNetwork(resources);
      const analysis = analyse(network);
      for (const endpoint of endpointsOf(network)) {
        let each = NO_ADDRESS;
        let alone = NO_ADDRESS;
        for (let port = range.low; port <= range.high; port++) {
          const sources = analysis.admissions(endpoint, 'tcp', port).map((admission) => admission.sources);
          each = sources.reduce(addressUnion, each);
          alone = addressUnion(alone, admitted(network, endpoint.id, port));
        }
        expect(sameAddresses(each, alone)).toBe(true);
        expect(isWithin(alone, each)).toBe(true);
      }
    });
    fc.assert(property, { numRuns: RUNS / 4, seed: 20261123 });
  });

  test('every exposure’s sources are the shortest list of CIDRs and hold no allowed address', () => {
    const property = fc.property(arbitraryEstate(), (resources) => {
      for (const { sources, reachable } of check(resources).findings.flatMap((each) => each.evidence.exposures)) {
        const set = addressesOf(...sources);
        expect(sources).toEqual(toCidrs(set));
        expect(isEmpty(set)).toBe(false);
        expect(isWithin(addressesOf(...reachable), set)).toBe(true);
      }
    });
    fc.assert(property, { numRuns: RUNS, seed: 20261123 });
  });
});
