/**
 * The asking side of a synchronization, as a state machine without transport: it yields questions and is given the
 * answers. First events, since messages are about them, then messages; in each case what the other side has, then what it
 * lacks. Where nothing differs it ends after one question.
 *
 * It holds nothing that outlives a run: whatever was taken in before a broken connection is there at the next one.
 *
 * @module
 */
import { compareBytes, equalBytes } from '../../bytes.js';
import { byteKey } from '../../mesh/byte-key.js';
import type { EventCursor } from '../../mesh/event-exchange.js';
import type { Span } from '../../mesh/gossip-exchange.js';
import { BUCKET_DIGEST_BYTES, bucketOf, type StreamVector } from '../../mesh/gossip-vectors.js';
import { pairsOf, withoutRanges } from '../../mesh/ranges.js';
import { BadAnswerError } from '../errors.js';
import { MAX_ITEM_BYTES, MAX_ITEMS } from '../limits.js';
import { type Answers, MAX_FAULTS, type Question, type VectorCursor } from './questions.js';
import type { Refused, Replica, Taken } from './replica.js';

/** Most envelopes asked for by name in one run. */
const MAX_MISSING = 64;

const ROOM = { items: MAX_ITEMS, bytes: MAX_ITEM_BYTES };

/** What a run brought and took, so far. */
export interface SyncTally {
  /** New events, messages, faults and endpoint records that were taken in. */
  readonly received: { events: number; messages: number; faults: number; endpoints: number };
  /** Events, messages and faults that the other side took as new; told together. */
  delivered: number;
  /** How many of ours the other side refused. */
  deliveriesRefused: number;
  /** What was received and not taken in. */
  readonly refused: Refused[];
}

/** A tally of nothing. */
export function emptyTally(): SyncTally {
  return {
    received: { events: 0, messages: 0, faults: 0, endpoints: 0 },
    delivered: 0,
    deliveriesRefused: 0,
    refused: [],
  };
}

/** Most refusals that a tally lists. */
const MAX_LISTED = 1_000;

type Steps<T> = Generator<Question, T, Answers[Question['kind']]>;

/** Asks one question. The driver answers each question with the answer of its kind. */
function* ask<K extends Question['kind']>(question: Extract<Question, { kind: K }>): Steps<Answers[K]> {
  return (yield question) as Answers[K];
}

class Synchronization {
  readonly #replica: Replica;
  readonly #tally: SyncTally;

  constructor(replica: Replica, tally: SyncTally) {
    this.#replica = replica;
    this.#tally = tally;
  }

  *run(): Steps<void> {
    const replica = this.#replica;
    const { locator, buckets, faults, endpoints } = yield* ask<'summary'>({
      kind: 'summary',
      events: replica.eventsDigest(),
      gossip: replica.gossipDigest(),
      faults: replica.faultsDigest(),
      endpoints: replica.endpointsDigest(),
    });
    if (locator !== null) {
      if (!locator.every((id) => replica.knowsEvent(id))) yield* this.#pullEvents();
      yield* this.#pushEvents(locator);
    }
    yield* this.#pullEnvelopes();
    if (endpoints !== null) yield* this.#exchangeEndpoints(endpoints);
    if (faults !== null) yield* this.#exchangeFaults(faults);
    if (buckets !== null) yield* this.#exchangeMessages(buckets);
  }

  #note(what: keyof SyncTally['received'], { fresh, refused }: Taken): void {
    this.#tally.received[what] += fresh;
    this.#tally.refused.push(...refused.slice(0, Math.max(0, MAX_LISTED - this.#tally.refused.length)));
  }

  *#pullEvents(): Steps<void> {
    // What is asked for stays the same from page to page, and the cursor goes on, also over events that were refused.
    const have = this.#replica.locator();
    let after: EventCursor | null = null;
    do {
      const page: Answers['events'] = yield* ask<'events'>({ kind: 'events', have, after });
      if (page.bundles.length > 0) this.#note('events', this.#replica.takeBundles(page.bundles));
      if (page.next !== null && !isLater(page.next, after)) return;
      after = page.next;
    } while (after !== null);
  }

  *#deliver(parts: Partial<Omit<Extract<Question, { kind: 'deliver' }>, 'kind'>>): Steps<void> {
    const done = yield* ask<'deliver'>({
      kind: 'deliver',
      bundles: [],
      messages: [],
      faults: [],
      endpoints: [],
      ...parts,
    });
    this.#tally.delivered += done.fresh;
    this.#tally.deliveriesRefused += done.refused;
  }

  *#pushEvents(theirs: readonly Uint8Array[]): Steps<void> {
    let after: EventCursor | null = null;
    do {
      const page = this.#replica.eventsPage(theirs, after, ROOM);
      if (page.bundles.length > 0) yield* this.#deliver({ bundles: page.bundles });
      after = page.next;
    } while (after !== null);
  }

  *#pullEnvelopes(): Steps<void> {
    let missing = this.#replica.missingEnvelopes(MAX_MISSING);
    while (missing.length > 0) {
      const { bundles } = yield* ask<'bundles'>({ kind: 'bundles', ids: missing });
      if (bundles.length === 0) return;
      this.#note('events', this.#replica.takeBundles(bundles));
      const still = this.#replica.missingEnvelopes(MAX_MISSING);
      if (still.length >= missing.length) return;
      missing = still;
    }
  }

  *#exchangeFaults(theirs: readonly Uint8Array[]): Steps<void> {
    const known = new Set(theirs.map(byteKey));
    const ours = this.#replica.faults().filter((fault) => !known.has(byteKey(fault)));
    this.#note('faults', this.#replica.takeFaults(theirs));
    for (let at = 0; at < ours.length; at += MAX_FAULTS) {
      yield* this.#deliver({ faults: ours.slice(at, at + MAX_FAULTS) });
    }
  }

  *#exchangeEndpoints(theirs: readonly Uint8Array[]): Steps<void> {
    this.#note('endpoints', this.#replica.takeEndpoints(theirs));
    // What is left here that they do not have is newer than theirs.
    const known = new Set(theirs.map(byteKey));
    const ours = this.#replica.endpoints().filter((endpoint) => !known.has(byteKey(endpoint)));
    if (ours.length > 0) yield* this.#deliver({ endpoints: ours.slice(0, MAX_ITEMS) });
  }

  *#exchangeMessages(theirs: Uint8Array): Steps<void> {
    const buckets = differingBuckets(this.#replica.bucketDigests(), theirs);
    if (buckets.length === 0) return;
    const mine = new Map(
      buckets.flatMap((number) => this.#replica.bucket(number)).map((vector) => [keyOf(vector), vector]),
    );
    const offered: Span[] = [];
    let after: VectorCursor | null = null;
    do {
      const page: Answers['vectors'] = yield* ask<'vectors'>({ kind: 'vectors', buckets, after });
      const last = requireAscending(page.vectors, after);
      // Page by page, so that what is held of a long list is one page of it.
      const wanted: Span[] = [];
      for (const vector of page.vectors) {
        const key = keyOf(vector);
        const held = mine.get(key)?.held ?? [];
        mine.delete(key);
        // Of somebody whose admission is not known here nothing can be opened, whatever is told of it.
        if (this.#replica.knowsEvent(vector.mid)) wanted.push(...spansOf(vector, withoutRanges(vector.held, held)));
        offered.push(...spansOf(vector, withoutRanges(held, vector.held)));
      }
      yield* this.#pullMessages(wanted);
      after = page.next === null ? null : last;
    } while (after !== null);
    for (const vector of mine.values()) offered.push(...spansOf(vector, vector.held));
    yield* this.#pushMessages(offered);
  }

  *#pullMessages(wanted: readonly Span[]): Steps<void> {
    let left = wanted;
    while (left.length > 0) {
      const spans = left.slice(0, MAX_ITEMS);
      const page = yield* ask<'messages'>({ kind: 'messages', spans });
      if (page.messages.length > 0) this.#note('messages', this.#replica.takeMessages(page.messages));
      const rest = remaining(left, Math.min(page.done, spans.length), page.next);
      if (rest === null) return;
      left = rest;
    }
  }

  *#pushMessages(offered: readonly Span[]): Steps<void> {
    let left = offered;
    while (left.length > 0) {
      const { messages, done, next } = this.#replica.messages(left, ROOM, 0);
      if (messages.length > 0) yield* this.#deliver({ messages });
      const rest = remaining(left, done, next);
      if (rest === null) return;
      left = rest;
    }
  }
}

function isLater(next: EventCursor, before: EventCursor | null): boolean {
  if (before === null || next.epoch > before.epoch) return true;
  return next.epoch === before.epoch && compareBytes(next.eventId, before.eventId) > 0;
}

/**
 * The place of a page's last vector; null where it has none. Each must come after the one before, by bucket, sender and
 * stream, or a list would have no end.
 *
 * @throws BadAnswerError
 */
function requireAscending(vectors: readonly StreamVector[], after: VectorCursor | null): VectorCursor | null {
  let last = after;
  for (const { mid, streamId } of vectors) {
    const place = { bucket: bucketOf(mid, streamId), mid, streamId };
    if (last !== null && comparePlaces(place, last) <= 0) throw new BadAnswerError('the vectors are not in order');
    last = place;
  }
  return vectors.length === 0 ? null : last;
}

function comparePlaces(a: VectorCursor, b: VectorCursor): number {
  return a.bucket - b.bucket || compareBytes(a.mid, b.mid) || compareBytes(a.streamId, b.streamId);
}

const keyOf = ({ mid, streamId }: StreamVector) => byteKey(mid) + byteKey(streamId);

function spansOf({ mid, streamId }: StreamVector, ranges: StreamVector['held']): Span[] {
  return pairsOf(ranges).map(([from, to]) => ({ mid, streamId, from, to }));
}

/** The buckets whose digests differ. */
function differingBuckets(mine: Uint8Array, theirs: Uint8Array): number[] {
  const differing: number[] = [];
  for (let at = 0; at < mine.length; at += BUCKET_DIGEST_BYTES) {
    const end = at + BUCKET_DIGEST_BYTES;
    if (!equalBytes(mine.subarray(at, end), theirs.subarray(at, end))) differing.push(at / BUCKET_DIGEST_BYTES);
  }
  return differing;
}

/** What is left of the spans after some were done, and one up to a position; null if that is no progress. */
function remaining(spans: readonly Span[], done: number, next: number): readonly Span[] | null {
  const [current, ...rest] = spans.slice(done);
  if (current === undefined) return [];
  if (next > current.from && next < current.to) return [{ ...current, from: next }, ...rest];
  return done > 0 ? [current, ...rest] : null;
}

/**
 * Gets a replica in step with another one: yields questions, each to be answered with the answer of its kind.
 *
 * @param tally is filled as things happen, so that it tells the truth about a run that broke off
 */
export function synchronize(replica: Replica, tally: SyncTally): Generator<Question, void, Answers[Question['kind']]> {
  return new Synchronization(replica, tally).run();
}
