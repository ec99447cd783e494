/** What a person is asked to decide when no remedy of the guardrail's own fits the cause. */
import type { Finding } from '../finding';
import { keyOf, nameOf } from '../network/network';

/** One sentence about the cause and what can be done about it, by the kind of resource that decides. */
export function askPerson({ resource, evidence, title }: Finding): string {
  const key = keyOf(resource);
  const name = nameOf(resource);
  if (evidence.exposures.length === 0) return `there is nothing the guardrail could safely do about it: ${title}`;
  if (key.includes('/networkmanagers/')) {
    const rule = evidence.exposures.flatMap((exposure) => exposure.decidedBy).find(({ layer }) => layer === 'admin');
    const which = rule?.rule ? `security admin rule ${rule.rule} of ${name}` : `a security admin rule of ${name}`;
    return `${which} always allows it, and no security group is asked after that: change the rule in the network manager, or whom it applies to`;
  }
  if (/\/(?:subnets|networkinterfaces)\//.test(key)) {
    return `no security group stands before ${name}: attach one, or decide otherwise`;
  }
  if (FORWARDERS.test(key)) return `${name} forwards to an admin port: take that away there, or decide otherwise`;
  return `no change of one rule of ${name} would end it: decide what it should admit`;
}

const FORWARDERS = /\/(?:loadbalancers|azurefirewalls|firewallpolicies|applicationgateways|privatelinkservices)\//;
