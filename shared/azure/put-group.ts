/** One PUT of a security group under the etag that was read: asked for, sent, followed for a few seconds, and judged. */
import { isObject, type JsonObject, listOf, propertiesOf, textOf } from '../network/json';
import { keyOf } from '../network/network';
import type { WriteTurn } from '../ports';
import type { Outcome, RuleChange } from '../remediation/outcome';
import type { ArmId } from './arm-id';
import type { ArmClients } from './client';
import { AzureError, azureErrorFrom, isPassing, isRefusal } from './error';
import { type Exchange, inExchange, newExchange } from './exchange';
import { ruleNamed } from './rule-body';

export interface GroupWrite {
  readonly id: ArmId;
  readonly etag: string;
  readonly body: JsonObject;
  readonly changes: readonly RuleChange[];
}

export interface WriteConditions {
  readonly turn: WriteTurn;
  readonly now: () => Date;
  /** The first pause before a write that met another operation is tried again; each further one is twice as long. */
  readonly pauseMs: number;
}

/** A lease lasts a minute, and there may be more to write: whoever looks next finds out how it ended. */
const LONGEST_WAIT_MS = 8_000;
/** How often an operation is asked about when ARM names no interval of its own. */
const POLL_INTERVAL_MS = 250;
/** ARM says neither when the other operation will be over nor, mostly, when to come back. */
const MOST_TRIES = 4;

export interface GroupWritten {
  readonly outcome: Outcome;
  /** The group as a read showed it that was answered after the write was done; undefined if there was none. */
  readonly readBack?: JsonObject;
}

/** Writes the group and says what became of it. Never throws about the world. */
export async function putGroup(
  clients: ArmClients,
  write: GroupWrite,
  { turn, now, pauseMs }: WriteConditions,
): Promise<GroupWritten> {
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

/** The clients retry what the network or ARM's own trouble spoilt; that somebody else is at the group is left to us. */
function metAnother({ write }: Exchange): boolean {
  return write?.state === 'refused' && (write.status === 409 || write.status === 429);
}

async function sendOnce(
  clients: ArmClients,
  { id, etag, changes }: GroupWrite,
  exchange: Exchange,
  waitMs: number,
): Promise<{ readonly outcome: Outcome; readonly isOver: boolean }> {
  const resource = keyOf(id.topLevel);
  const facts = { resource, requestIds: exchange.requestIds, changes };
  const giveUp = new AbortController();
  try {
    const { network } = await clients(id.subscriptionId);
    const sent = inExchange(exchange, () =>
      network.networkSecurityGroups.createOrUpdate(
        id.resourceGroup,
        id.name,
        {},
        {
          requestOptions: { headers: { 'If-Match': etag } },
          updateIntervalInMs: POLL_INTERVAL_MS,
          abortSignal: giveUp.signal,
        },
      ),
    );
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
 * An operation that has ended is followed by a read of what it made of the group. One that shows the etag from before the
 * write, or a group that is still being written, shows too little.
 */
function readBackOf(outcome: Outcome, { read }: Exchange, etag: string): Pick<GroupWritten, 'readBack'> {
  if (outcome.status !== 'applied' || !isObject(read) || read.etag === etag) return {};
  return textOf(propertiesOf(read).provisioningState) === 'Succeeded' ? { readBack: read } : {};
}

type Facts = Pick<Outcome, 'resource' | 'requestIds' | 'changes'>;

function failed(error: AzureError, facts: Facts): Outcome {
  // 404: deleted since it was read. Either way what was planned no longer fits, so nothing is insisted upon.
  if (error.status === 412 || error.status === 404) return { ...facts, status: 'superseded' };
  const refusal = isRefusal(error.code) && { refusal: true };
  return { ...facts, status: 'failed', why: error.message, retryable: error.retryable && !refusal, ...refusal };
}

/** What is known when the time is over. A PUT without an answer may have arrived. */
function unfinished({ write, requestIds }: Exchange, id: ArmId, facts: Facts): Outcome {
  if (!write) return { ...facts, status: 'stopped', why: 'the time was over before it could be sent' };
  if (write.state === 'stopped') return { ...facts, status: 'stopped', why: write.why };
  if (write.state !== 'refused') return { ...facts, status: 'started' };
  const { status, code, message } = write;
  const about = { operation: 'change', resource: id.topLevel, status, code, retryable: true };
  return failed(new AzureError({ ...about, requestId: requestIds.at(-1) }, message), facts);
}

/** An accepted write that failed later says why in its operation's status, not in what the client throws. */
function failureOf(exchange: Exchange, thrown: unknown, id: ArmId): AzureError {
  const { failure } = exchange;
  if (!failure) return azureErrorFrom(thrown, 'change', id.topLevel);
  const facts = { operation: 'change', resource: id.topLevel, code: failure.code, retryable: isPassing(failure.code) };
  return new AzureError({ ...facts, requestId: exchange.requestIds.at(-1) }, failure.message, thrown);
}

/** The rules after the write as ARM holds them, which may differ from what was sent in spelling and state. */
function asWritten(exchange: Exchange, changes: readonly RuleChange[]): readonly RuleChange[] {
  const rules = listOf(propertiesOf(exchange.resources.at(-1)).securityRules);
  if (rules.length === 0) return changes;
  return changes.map((change) => ({
    ...change,
    after: change.after === null ? null : (ruleNamed(rules, change.rule) ?? change.after),
  }));
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
