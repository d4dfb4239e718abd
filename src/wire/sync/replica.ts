/**
 * What the synchronization needs of a peer's data. The library's is {@link databaseReplica}; a simulation brings its own.
 *
 * @module
 */
import type { EventCursor, EventPage } from '../../mesh/event-exchange.js';
import type { MessagePage, Room, Span } from '../../mesh/gossip-exchange.js';
import type { StreamVector } from '../../mesh/gossip-vectors.js';

/** Something that was received and not taken in. */
export interface Refused {
  readonly what: 'event' | 'envelope' | 'message' | 'fault' | 'endpoint';
  /** 32 bytes: the id, where the bytes have one. */
  readonly id: Uint8Array | null;
  /** The rule of an event, or the error's code. */
  readonly code: string;
  /** One line for people. */
  readonly reason: string;
}

/** What became of what was received. */
export interface Taken {
  /** How many were new and are kept now. */
  readonly fresh: number;
  readonly refused: readonly Refused[];
}

/** One peer's events and messages, as the synchronization sees them. All synchronous. */
export interface Replica {
  /** 32 bytes: equal for equal trees of events. */
  eventsDigest(): Uint8Array;
  /** 32 bytes: equal for equal sets of messages. */
  gossipDigest(): Uint8Array;
  /** 32 bytes: equal for equal faults about the present epoch. */
  faultsDigest(): Uint8Array;
  /** 32 bytes: equal for equal endpoint records of the present members. */
  endpointsDigest(): Uint8Array;
  /** Ids that tell which events are here. */
  locator(): Uint8Array[];
  knowsEvent(id: Uint8Array): boolean;
  /** Bundles that the owner of a locator lacks. */
  eventsPage(have: readonly Uint8Array[], after: EventCursor | null, room: Room): EventPage;
  /** Bundles of some events. */
  bundles(ids: readonly Uint8Array[], room: Room): Uint8Array[];
  /** Events whose envelope is missing here and needed. */
  missingEnvelopes(max: number): Uint8Array[];
  /** 256 × 16 bytes. */
  bucketDigests(): Uint8Array;
  /** The vectors of a bucket, in order. */
  bucket(number: number): StreamVector[];
  /** @param firstEpoch the first epoch that the reader can open */
  messages(spans: readonly Span[], room: Room, firstEpoch: number): MessagePage;
  hasMessage(id: Uint8Array): boolean;
  /** Faults about the present epoch, as frames. */
  faults(): Uint8Array[];
  /** Endpoint records of the present members, as frames. */
  endpoints(): Uint8Array[];
  takeBundles(bundles: readonly Uint8Array[]): Taken;
  takeMessages(messages: readonly Uint8Array[]): Taken;
  takeFaults(faults: readonly Uint8Array[]): Taken;
  takeEndpoints(endpoints: readonly Uint8Array[]): Taken;
}
