/** What there is in the model: one scope's live state, its mark, its lease, and the messages and workers about it. */
import type { Mark } from '../../../shared/ports';
import type { Calls } from './calls';
import type { Hold, ModelLease } from './model-lease';

/** What was promised and not kept. */
export interface Broken {
  readonly property: 'nobody looks' | 'late look' | 'two writers' | 'stuck scope' | 'empty promise';
  readonly how: string;
}

/** Something that wakes a worker. */
export interface Message {
  readonly kind: 'event' | 'recheck';
  /** The change an event is about. */
  readonly change: number;
  readonly dueAt: number;
}

export interface Worker {
  readonly id: number;
  readonly message: Message;
  readonly startedAt: number;
  hold?: Hold;
  isOver: boolean;
}

/** Times are in seconds. */
export interface World {
  readonly calls: Calls;
  readonly lease: ModelLease;
  time: number;
  /** The last change a person made. */
  state: number;
  /** The last change that a look has dealt with. */
  handled: number;
  /** The last change that a look has seen. */
  seen: number;
  /** How many marks were raised: their etags. */
  marks: number;
  mark: Mark | undefined;
  messages: Message[];
  broken: Broken | undefined;
}
