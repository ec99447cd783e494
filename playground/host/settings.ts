/** The part of host.json that the local host obeys, and `%NAME%` in binding settings. */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { at, isObject, type JsonObject } from '../json';

/** Times are in milliseconds. */
export interface HostSettings {
  readonly routePrefix: string;
  readonly functionTimeout: number;
  readonly queues: QueueSettings;
}

export interface QueueSettings {
  readonly batchSize: number;
  readonly newBatchThreshold: number;
  readonly maxPollingInterval: number;
  readonly maxDequeueCount: number;
  /** How long a message stays hidden after a failed try. */
  readonly visibilityTimeout: number;
  readonly messageEncoding: 'base64' | 'none';
}

/** Reads host.json in `directory`; what it does not say is the real host's default. Throws on a value it cannot read. */
export function readHostSettings(directory: string): HostSettings {
  const path = join(directory, 'host.json');
  return parseHostSettings(existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {});
}

/** The same for a host.json that is already parsed. */
export function parseHostSettings(host: unknown): HostSettings {
  const routePrefix = at(host, 'extensions', 'http', 'routePrefix');
  const queues = at(host, 'extensions', 'queues');
  return {
    routePrefix: typeof routePrefix === 'string' ? routePrefix : 'api',
    functionTimeout: duration(at(host, 'functionTimeout'), 300_000),
    queues: queueSettings(isObject(queues) ? queues : {}),
  };
}

function queueSettings(queues: JsonObject): QueueSettings {
  const batchSize = Math.min(32, count(queues['batchSize'], 16));
  return {
    batchSize,
    newBatchThreshold: count(queues['newBatchThreshold'], Math.floor(batchSize / 2) * availableParallelism()),
    maxPollingInterval: duration(queues['maxPollingInterval'], 60_000),
    maxDequeueCount: count(queues['maxDequeueCount'], 5),
    visibilityTimeout: duration(queues['visibilityTimeout'], 0),
    messageEncoding: queues['messageEncoding'] === 'none' ? 'none' : 'base64',
  };
}

/** Replaces each `%NAME%` by the application setting of that name; throws when there is none. */
export function resolveSettings(text: string, environment: NodeJS.ProcessEnv): string {
  return text.replaceAll(/%([^%]+)%/g, (_, name: string) => {
    const value = environment[name];
    if (value === undefined) throw new Error(`'%${name}%' does not resolve to a value.`);
    return value;
  });
}

/** Milliseconds of a .NET TimeSpan such as `00:05:00`, `00:00:00.500` or `1.00:00:00`; undefined when it is not one. */
export function parseTimeSpan(text: string): number | undefined {
  const match = /^(?:(\d+)\.)?(\d{1,2}):(\d{1,2}):(\d{1,2}(?:\.\d{1,7})?)$/.exec(text);
  if (match === null) return undefined;
  const [, days = '0', hours, minutes, seconds] = match;
  const total = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return Math.round(total * 1000);
}

function duration(value: unknown, otherwise: number): number {
  if (value === undefined) return otherwise;
  const parsed = typeof value === 'string' ? parseTimeSpan(value) : undefined;
  if (parsed === undefined) throw new Error(`host.json: ${JSON.stringify(value)} is not a time such as "00:00:02".`);
  return parsed;
}

function count(value: unknown, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw new Error(`host.json: ${JSON.stringify(value)} is not a whole number.`);
}
