/**
 * `startGossip`: keeps a database in step with its group. Two things go on: a full synchronization with one peer chosen at
 * random, every so often, which repairs everything; and a push of the ids of fresh messages to a few peers, which take what
 * is new to them, so that news travel faster than that.
 *
 * @module
 */
import { equalBytes, requireOptions } from '../../bytes.js';
import { InvalidInputError, MeshError } from '../../errors.js';
import { requireEnabled } from '../../mesh/enabled.js';
import { findHead } from '../../mesh/event-store.js';
import { freshMessages, lastArrival, messagesById } from '../../mesh/fresh-messages.js';
import { requireMembership } from '../../mesh/group.js';
import type { MeshDatabase } from '../../store/database.js';
import { jittered, pause } from '../client/pause.js';
import type { PeerAddress } from '../client/peer-address.js';
import { connectTo, type SyncOptions, type SyncReport, syncWith } from '../client/sync-with.js';
import { MAX_ITEM_BYTES, MAX_ITEMS } from '../limits.js';
import { PATH_OF, readAnswer, writeQuestion } from '../sync/questions.js';
import { EventQueue } from './event-queue.js';
import { FANOUT, MAX_OFFERS_UNDER_WAY, PULL_INTERVAL_MS, PUSH_INTERVAL_MS } from './pace.js';
import { type GossipPeer, PeerTable } from './peer-table.js';

/** What {@link startGossip} tells. */
export type GossipEvent =
  /** A synchronization came to its end. */
  | { readonly kind: 'synced'; readonly peer: string; readonly report: SyncReport }
  /** Fresh messages were offered to a peer, which took some. */
  | { readonly kind: 'pushed'; readonly peer: string; readonly offered: number; readonly taken: number }
  /** A peer could not be synchronized with; it is left alone for a while. */
  | { readonly kind: 'failed'; readonly peer: string; readonly error: MeshError }
  /** The head has changed, by whatever way. */
  | { readonly kind: 'head'; readonly epoch: number; readonly eventId: Uint8Array }
  /** Messages have come, from a peer or from here. */
  | { readonly kind: 'messages'; readonly count: number };

/** Settings of {@link startGossip}. */
export interface GossipOptions extends Omit<SyncOptions, 'onProgress'> {
  /** Peers beside those that are named in the database, or that said where they are. */
  readonly peers?: readonly PeerAddress[];
  /** Milliseconds between two synchronizations, a quarter more or less each time; 30 seconds where absent. */
  readonly interval?: number;
  /** Milliseconds from any point on, never going back; `performance.now` where absent. */
  readonly clock?: () => number;
}

/** Gossip that goes on until it is stopped; to be iterated over for what happens, or not. */
export interface RunningGossip extends AsyncIterable<GossipEvent> {
  /** Resolves when nothing goes on any more; rejects if it had to end by an error that is none of the network. */
  readonly done: Promise<void>;
  /** Ends it. */
  stop(): Promise<void>;
}

class Gossip {
  readonly #db: MeshDatabase;
  readonly #options: GossipOptions;
  readonly #signal: AbortSignal;
  readonly #peers: PeerTable;
  readonly #events: EventQueue<GossipEvent>;
  #arrival: number;
  #head: Uint8Array;

  constructor(db: MeshDatabase, options: GossipOptions, signal: AbortSignal, events: EventQueue<GossipEvent>) {
    this.#db = db;
    this.#options = { ...options, signal };
    this.#signal = signal;
    this.#peers = new PeerTable(db, options.peers ?? [], options.clock ?? (() => performance.now()));
    this.#events = events;
    this.#arrival = lastArrival(db);
    this.#head = requireMembership(db).head.id;
  }

  /** Synchronizes with one peer after the other, until the signal. */
  async pull(): Promise<void> {
    const { interval = PULL_INTERVAL_MS } = this.#options;
    // The first one soon, but not all peers of a group at the same moment after a power cut.
    for (let wait = Math.min(1_000, interval / 4); ; wait = interval) {
      await pause(jittered(wait), this.#signal);
      const [peer] = this.#peers.choose(1);
      if (peer !== undefined) await this.#try(peer, () => this.#sync(peer));
    }
  }

  /** Tells some peers of fresh messages, and the reader of what changed, until the signal. */
  async push(): Promise<void> {
    const offers = new Map<string, Promise<void>>();
    const failure = new AbortController();
    const ended = AbortSignal.any([this.#signal, failure.signal]);
    try {
      for (;;) {
        await pause(PUSH_INTERVAL_MS, ended);
        this.#noteHead();
        const fresh = freshMessages(this.#db, this.#arrival, MAX_ITEMS);
        if (fresh.ids.length === 0) continue;
        this.#arrival = fresh.arrival;
        this.#events.push({ kind: 'messages', count: fresh.ids.length });
        // Nobody waits for a slow peer; it is told of nothing else meanwhile, and hears of it by synchronizing.
        const count = Math.min(FANOUT, MAX_OFFERS_UNDER_WAY - offers.size);
        for (const peer of this.#peers.choose(count, (url) => offers.has(url))) {
          const offer = this.#try(peer, () => this.#offer(peer, fresh.ids))
            .catch((error: unknown) => failure.abort(error))
            .finally(() => offers.delete(peer.url));
          offers.set(peer.url, offer);
        }
      }
    } finally {
      await Promise.all(offers.values());
    }
  }

  #noteHead(): void {
    const head = findHead(this.#db);
    if (head === null || equalBytes(head.id, this.#head)) return;
    this.#head = head.id;
    this.#events.push({ kind: 'head', epoch: head.epoch, eventId: head.id });
  }

  /** Records of members are believed about public addresses only, unless it is allowed otherwise. */
  #optionsFor({ named }: GossipPeer): Omit<SyncOptions, 'onProgress'> {
    const { allowPrivate = named, peers: _, interval: __, clock: ___, ...rest } = this.#options;
    return { ...rest, allowPrivate };
  }

  async #sync(peer: GossipPeer): Promise<void> {
    const report = await syncWith(this.#db, peer, this.#optionsFor(peer));
    this.#events.push({ kind: 'synced', peer: peer.url, report });
  }

  async #offer(peer: GossipPeer, ids: readonly Uint8Array[]): Promise<void> {
    const connection = await connectTo(this.#db, peer, this.#optionsFor(peer));
    try {
      const offered = writeQuestion({ kind: 'offer', ids });
      const { wanted } = readAnswer('offer', await connection.ask(PATH_OF.offer, offered));
      const messages = messagesById(this.#db, wanted.slice(0, MAX_ITEMS), MAX_ITEM_BYTES);
      if (messages.length > 0) {
        const delivery = writeQuestion({ kind: 'deliver', bundles: [], messages, faults: [], endpoints: [] });
        await connection.ask(PATH_OF.deliver, delivery);
      }
      this.#events.push({ kind: 'pushed', peer: peer.url, offered: ids.length, taken: messages.length });
    } finally {
      connection.close();
    }
  }

  async #try(peer: GossipPeer, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#peers.succeeded(peer);
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!(error instanceof MeshError)) throw error;
      this.#peers.failed(peer);
      this.#events.push({ kind: 'failed', peer: peer.url, error });
    }
  }
}

/**
 * Keeps a database in step with its group until the signal, or until `stop()`. Peers are those given, those named in the
 * database, and those that said where they are.
 *
 * @param db stays open until `done`
 * @throws MeshDisabledError, NotAMemberError, InvalidInputError; MeshError `no-group`
 */
export function startGossip(db: MeshDatabase, options: GossipOptions = {}): RunningGossip {
  requireEnabled(db);
  const { interval = PULL_INTERVAL_MS, signal } = requireOptions(options);
  if (!Number.isFinite(interval) || interval < 1)
    throw new InvalidInputError('interval must be milliseconds from 1 on');
  const own = new AbortController();
  const ended = signal === undefined ? own.signal : AbortSignal.any([signal, own.signal]);
  const events = new EventQueue<GossipEvent>();
  const gossip = new Gossip(db, options, ended, events);
  const done = Promise.allSettled([gossip.pull(), gossip.push()].map((loop) => endingAll(loop, own))).then((loops) => {
    events.end();
    for (const loop of loops) {
      if (loop.status === 'rejected' && loop.reason !== ended.reason) throw loop.reason;
    }
  });
  // Whoever never looks at it shall not be ended by it.
  done.catch(() => undefined);
  const stop = () => {
    own.abort();
    return done;
  };
  return { done, stop, [Symbol.asyncIterator]: () => events };
}

/** One loop's end is that of all. */
async function endingAll(loop: Promise<void>, controller: AbortController): Promise<void> {
  try {
    await loop;
  } finally {
    controller.abort();
  }
}
