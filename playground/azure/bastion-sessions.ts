// Open sessions through Bastion hosts, as far as somebody opened them by the playground's control route.
import type { Estate, EstateView, Stored } from './estate';
import type { JsonObject } from './json';
import { listAt, objectAt, textAt } from './json';
import { isWithin } from './resource-id';

/** Not a resource type of Azure: only the actions of the host answer to it, and the playground's state. */
const TYPE = 'Microsoft.Network/bastionHosts/sessions';

export interface NewSession {
  readonly sessionId: string;
  readonly userName: string;
  readonly protocol: 'SSH' | 'RDP';
  readonly startTime: Date;
}

function addressOf(estate: EstateView, machine: Stored): string {
  const [first] = listAt(machine.body, 'properties', 'networkProfile', 'networkInterfaces');
  const [configuration] = listAt(estate.exactly(textAt(first, 'id') ?? '')?.body, 'properties', 'ipConfigurations');
  return textAt(configuration, 'properties', 'privateIPAddress') ?? '';
}

/** Keeps a session through `host` to `machine`. */
export function openSession(estate: Estate, host: Stored, machine: Stored, session: NewSession): JsonObject {
  const { sessionId, userName, protocol, startTime } = session;
  const properties = {
    sessionId,
    startTime: startTime.toISOString(),
    targetSubscriptionId: machine.subscription,
    resourceType: 'VM',
    targetHostName: machine.name,
    targetResourceGroup: machine.resourceGroup,
    userName,
    targetIpAddress: addressOf(estate, machine),
    protocol,
    targetResourceId: machine.id,
  };
  estate.put({ ...host, id: `${host.id}/sessions/${sessionId}`, type: TYPE, name: sessionId, body: { properties } });
  return properties;
}

/** The sessions through a host, oldest first, with their length in minutes at `now`. */
export function sessionsOf(estate: EstateView, hostId: string, now: Date): JsonObject[] {
  return estate
    .all(TYPE)
    .filter(({ id }) => isWithin(id, hostId))
    .map(({ body }) => {
      const session = objectAt(body, 'properties');
      const started = Date.parse(textAt(session, 'startTime') ?? '');
      return { ...session, sessionDurationInMins: Math.max(0, (now.getTime() - started) / 60_000) };
    });
}

/** Ends a session; false when there is none of that id. */
export function endSession(estate: Estate, hostId: string, sessionId: string): boolean {
  const id = `${hostId}/sessions/${sessionId}`;
  if (!estate.exactly(id)) return false;
  estate.remove(id);
  return true;
}
