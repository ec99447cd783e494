// The POST actions that list and end open sessions through a Bastion host.
import type { ArmAction } from '../action';
import { refuse } from '../arm-error';
import { endSession, sessionsOf } from '../bastion-sessions';
import { textsAt } from '../json';

const HOST = 'Microsoft.Network/bastionHosts';

export const getActiveSessions: ArmAction = {
  type: HOST,
  name: 'getActiveSessions',
  isLongRunning: true,
  mayLackBody: true,
  prepare:
    ({ world, id }) =>
    () => ({ value: sessionsOf(world.estate, id, world.clock.now()) }),
};

export const disconnectActiveSessions: ArmAction = {
  type: HOST,
  name: 'disconnectActiveSessions',
  isLongRunning: false,
  prepare({ world, id, body }) {
    const sessions = textsAt(body, 'sessionIds');
    if (sessions.length === 0) throw refuse('BastionSessionMissingId', 'The request names no session.');
    return () => ({
      value: sessions.map((sessionId) =>
        endSession(world.estate, id, sessionId)
          ? { sessionId, message: `session ${sessionId} invalidated!`, state: 'Disconnected' }
          : { sessionId, message: `session ${sessionId} not found!`, state: 'NotFound' },
      ),
    });
  },
};
