/** An estate as small numbers and flags. Every combination makes sense, so that a failing one can be shrunk freely. */
import * as fc from 'fast-check';

export interface SubnetBlueprint {
  readonly machines: number;
  /** How its group keeps strangers from admin ports. */
  readonly closing: 'deny-all' | 'deny-admin-ports' | 'deny-from-network';
  /** Whether it shares the group of the subnet before it. */
  readonly sharesGroup: boolean;
  /** Whether each of its machines has a group of its own besides. */
  readonly hasInterfaceGroups: boolean;
  readonly egress: 'none' | 'nat-gateway' | 'appliance';
  /** Whether its first machine has a public IP that the policy names. */
  readonly hasApprovedAddress: boolean;
  /** To whom it belongs; a delegated subnet has no machines. */
  readonly delegation: 'none' | 'sql' | 'container-instances';
}

export interface SpokeBlueprint {
  readonly subscription: number;
  readonly hub: number;
  readonly subnets: readonly SubnetBlueprint[];
  /** What balances the machines of its first subnet, on 443, with a probe. */
  readonly balancer: 'none' | 'public' | 'internal';
  /** A NAT rule besides, to a port that is no admin port. */
  readonly hasNatRule: boolean;
  /** What Azure locks: a write to it is refused. */
  readonly lock: 'none' | 'group' | 'network' | 'interfaces';
}

export interface HubBlueprint {
  readonly subscription: number;
  readonly hasGatewaySubnet: boolean;
  /** A subnet with a machine beside Bastion. */
  readonly subnets: readonly SubnetBlueprint[];
}

export interface EstateBlueprint {
  readonly subscriptions: number;
  readonly hubs: readonly HubBlueprint[];
  readonly spokes: readonly SpokeBlueprint[];
}

const rarely = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });

const subnet = fc.record<SubnetBlueprint>({
  machines: fc.constantFrom(0, 1, 1, 2),
  closing: fc.constantFrom('deny-all', 'deny-admin-ports', 'deny-from-network'),
  sharesGroup: rarely(false, true),
  hasInterfaceGroups: rarely(false, true),
  egress: fc.constantFrom('none', 'nat-gateway', 'appliance'),
  hasApprovedAddress: rarely(false, true),
  delegation: rarely('none', 'sql', 'container-instances'),
});

const spoke = fc.record<SpokeBlueprint>({
  subscription: fc.nat(2),
  hub: fc.nat(1),
  subnets: fc.array(subnet, { minLength: 1, maxLength: 3, size: 'max' }),
  balancer: fc.constantFrom('none', 'none', 'public', 'internal'),
  hasNatRule: fc.boolean(),
  lock: rarely('none', 'group', 'network', 'interfaces'),
});

const hub = fc.record<HubBlueprint>({
  subscription: fc.nat(2),
  hasGatewaySubnet: fc.boolean(),
  subnets: fc.array(subnet, { maxLength: 1 }),
});

/** Mostly a handful of networks, now and then up to 30. */
const spokes = fc.oneof(
  { weight: 14, arbitrary: fc.array(spoke, { minLength: 2, maxLength: 5, size: 'max' }) },
  { weight: 1, arbitrary: fc.array(spoke, { minLength: 7, maxLength: 28, size: 'max' }) },
);

/** Hubs with Bastion, and spokes around them: 3–30 networks in 1–3 subscriptions. */
export function arbitraryBlueprint(): fc.Arbitrary<EstateBlueprint> {
  return fc.record<EstateBlueprint>({
    subscriptions: fc.integer({ min: 1, max: 3 }),
    hubs: fc.array(hub, { minLength: 1, maxLength: 2, size: 'max' }),
    spokes,
  });
}
