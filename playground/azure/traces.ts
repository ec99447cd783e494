// What an event tells of the request that led to it, and the events of what ARM carries out itself.
import type { Call } from './call';
import type { CompletedOperation } from './event';
import type { World } from './world';

/** What the event of a request says of its caller and of the request itself. */
export function tracesOf(
  call: Call,
): Pick<CompletedOperation, 'target' | 'actor' | 'correlationId' | 'clientRequestId' | 'method' | 'url'> {
  return {
    target: decodeURIComponent(call.url.pathname).replace(/\/+$/, ''),
    actor: call.actor,
    correlationId: call.correlationId,
    clientRequestId: call.clientRequestId,
    method: call.method,
    url: `${call.origin}${call.url.pathname}${call.url.search}`,
  };
}

/** Raises the event of a write that Azure Resource Manager carries out itself, at once: groups and locks. */
export function raiseManagement(
  world: World,
  call: Call,
  change: { readonly type: string; readonly verb: 'write' | 'delete'; readonly created: boolean },
): void {
  const traces = tracesOf(call);
  world.raise({ ...traces, ...change, subscription: traces.target.split('/')[2] ?? '', failed: false });
}
