/** One write under the etag that was read: asked for, sent, followed for a few seconds, and judged. */
import type { NetworkManagementClient } from '@azure/arm-network';
import { isObject, type JsonObject, listOf, propertiesOf, textOf } from '../network/json';
import { keyOf } from '../network/network';
import type { WriteTurn } from '../ports';
import type { Outcome } from '../remediation/outcome';
import type { ArmClients } from './client';
import { AzureError, azureErrorFrom, isPassing, isRefusal } from './error';
import { type Exchange, inExchange, newExchange } from './exchange';
import { ruleNamed } from './rule-body';

export interface Write {
  readonly subscriptionId: string;
  /** Id of what is written, a child included. */
  readonly resource: string;
  /** The call of the typed client that makes it; what it would send as a body is replaced by `body`. */
  readonly send: (network: NetworkManagementClient, options: SendOptions) => PromiseLike<unknown>;
  readonly etag?: string;
  /** It must not be there yet. */
  readonly isNew?: true;
  readonly body?: JsonObject;
  readonly changes: Outcome['changes'];
}

export interface SendOptions {
  readonly requestOptions: { readonly headers: Record<string, string> };
  readonly updateIntervalInMs: number;
  readonly abortSignal: AbortSignal;
}

export interface WriteConditions {
  readonly turn: WriteTurn;
  readonly now: () => Date;
  /** The first pause before a write that met another operation is tried again; each further one is twice as long. */
  readonly pauseMs: number;
  /** Whether a group's open connections are judged again when its rules are written. */
  readonly flushConnections?: boolean;
}

/** A lease lasts a minute, and there may be more to write: whoever looks next finds out how it ended. */
const LONGEST_WAIT_MS = 8_000;
/** How often an operation is asked about when ARM names no interval of its own. */
const POLL_INTERVAL_MS = 250;
/** ARM says neither when the other operation will be over nor, mostly, when to come back. */
const MOST_TRIES = 4;

export interface Written {
  readonly outcome: Outcome;
  /** What was written as a read showed it that was answered after the write was done; undefined if there was none. */
  readonly readBack?: JsonObject;
}

/** Sends the write and says what became of it. Never throws about the world. */
export async function sendWrite(
  clients: ArmClients,
  write: Write,
  { turn, now, pauseMs }: WriteConditions,
): Promise<Written> {
  const deadline = Math.min(turn.until.getTime(), now().getTime() + LONGEST_WAIT_MS);
  const requestIds: string[] = [];
  for (let tries = 1; ; tries++) {
    const left = deadline - now().getTime();
    const exchange = newExchange(write.body, () => reasonNotTo(turn, now));
    const { outcome, isOver } = await sendOnce(clients, write, exchange, left);
    requestIds.push(...exchange.requestIds);
    const pause = pauseMs * 2 ** (tries - 1);
    const isBusy = outcome.status === 'failed' && outcome.retryable && metAnother(exchange);
    const isLast = isOver || tries >= MOST_TRIES || now().getTime() + pause >= deadline;
    if (!isBusy || isLast) return { outcome: { ...outcome, requestIds }, ...readBackOf(outcome, exchange, write.etag) };
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** A person's halt that cannot be read may be there: then nothing is written. */
async function reasonNotTo(turn: WriteTurn, now: () => Date): Promise<string | undefined> {
  if (now() >= turn.until) return 'the time of this run was over before it could be sent';
  try {
    return await turn.mayWrite();
  } catch (error) {
    return `whether it may be written could not be asked: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The clients retry what the network or ARM's own trouble spoilt; that somebody else is at it is left to us. */
function metAnother({ write }: Exchange): boolean {
  return write?.state === 'refused' && (write.status === 409 || write.status === 429);
}

async function sendOnce(
  clients: ArmClients,
  { subscriptionId, resource: id, send, etag, isNew, changes }: Write,
  exchange: Exchange,
  waitMs: number,
): Promise<{ readonly outcome: Outcome; readonly isOver: boolean }> {
  const resource = keyOf(id);
  const facts = { resource, requestIds: exchange.requestIds, changes };
  const giveUp = new AbortController();
  try {
    const { network } = await clients(subscriptionId);
    const options: SendOptions = {
      requestOptions: {
        headers: { ...(etag !== undefined && { 'If-Match': etag }), ...(isNew && { 'If-None-Match': '*' }) },
      },
      updateIntervalInMs: POLL_INTERVAL_MS,
      abortSignal: giveUp.signal,
    };
    const sent = inExchange(exchange, async () => {
      await send(network, options);
    });
    if (!(await endsWithin(sent, waitMs))) return { outcome: unfinished(exchange, id, facts), isOver: true };
    return { outcome: { ...facts, status: 'applied', changes: asWritten(exchange, changes) }, isOver: false };
  } catch (thrown) {
    const { write } = exchange;
    const stopped: Outcome | false = write?.state === 'stopped' && { ...facts, status: 'stopped', why: write.why };
    return { outcome: stopped || failed(failureOf(exchange, thrown, id), facts), isOver: false };
  } finally {
    // An operation that is still followed would go on sleeping and asking.
    giveUp.abort();
  }
}

/**
 * An operation that has ended is followed by a read of what it made of the resource. One that shows the etag from before
 * the write, or a resource that is still being written, shows too little.
 */
function readBackOf(outcome: Outcome, { read }: Exchange, etag: string | undefined): Pick<Written, 'readBack'> {
  if (outcome.status !== 'applied' || !isObject(read) || read.etag === etag) return {};
  return textOf(propertiesOf(read).provisioningState) === 'Succeeded' ? { readBack: read } : {};
}

type Facts = Pick<Outcome, 'resource' | 'requestIds' | 'changes'>;

function failed(error: AzureError, facts: Facts): Outcome {
  // 404: deleted since it was read. Either way what was planned no longer fits, so nothing is insisted upon.
  if (error.status === 412 || error.status === 404) return { ...facts, status: 'superseded' };
  const refusal = isRefusal(error) && { refusal: true };
  return { ...facts, status: 'failed', why: error.message, retryable: error.retryable && !refusal, ...refusal };
}

/** What is known when the time is over. A PUT without an answer may have arrived. */
function unfinished({ write, requestIds }: Exchange, id: string, facts: Facts): Outcome {
  if (!write) return { ...facts, status: 'stopped', why: 'the time was over before it could be sent' };
  if (write.state === 'stopped') return { ...facts, status: 'stopped', why: write.why };
  if (write.state !== 'refused') return { ...facts, status: 'started' };
  const { status, code, message } = write;
  const about = { operation: 'change', resource: id, status, code, retryable: true };
  return failed(new AzureError({ ...about, requestId: requestIds.at(-1) }, message), facts);
}

/** An accepted write that failed later says why in its operation's status, not in what the client throws. */
function failureOf(exchange: Exchange, thrown: unknown, id: string): AzureError {
  const { failure } = exchange;
  if (!failure) return azureErrorFrom(thrown, 'change', id);
  const facts = { operation: 'change', resource: id, code: failure.code, retryable: isPassing(failure.code) };
  return new AzureError({ ...facts, requestId: exchange.requestIds.at(-1) }, failure.message, thrown);
}

/** The rules after the write as ARM holds them, which may differ from what was sent in spelling and state. */
function asWritten(exchange: Exchange, changes: Outcome['changes']): Outcome['changes'] {
  const rules = listOf(propertiesOf(exchange.resources.at(-1)).securityRules);
  if (rules.length === 0) return changes;
  return changes.map((change) => {
    if ('setting' in change || change.after === null) return change;
    return { ...change, after: ruleNamed(rules, change.rule) ?? change.after };
  });
}

/** False when time is over first; what `work` throws before that is thrown. */
async function endsWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(0, ms));
  });
  try {
    return await Promise.race([work.then(() => true), timeout]);
  } finally {
    clearTimeout(timer);
    // Nobody waits for it any more, and it will end with the abort.
    work.catch(() => undefined);
  }
}
