/**
 * Taking in one bundle: from bytes of unknown worth to an event in the tree, an orphan that waits, or a refusal.
 *
 * @module
 */
import { equalBytes } from '../bytes.js';
import type { FrameVerifier } from '../codec/frame.js';
import { sha256 } from '../crypto/sha256.js';
import { MeshError } from '../errors.js';
import type { MeshDatabase } from '../store/database.js';
import { encodeBundle, type OpenedBundle, type OpenedBundles } from './bundle.js';
import { envelopeHash, type FaultReason, InvalidEnvelopeError } from './envelope.js';
import { hasSecret, loadEnvelope, takeEnvelope } from './envelope-store.js';
import type { MeshEvent } from './event.js';
import { examineEvent } from './event-examination.js';
import { type EventNode, findEvent, insertEvent, requireEvent, storedEvent } from './event-store.js';
import { reportFault, withdrawFault } from './fault.js';
import type { PublicIdentity } from './identity.js';
import { type EventRule, InvalidEventError } from './invalid-event.js';
import { parkOrphan } from './orphans.js';
import type { Roster } from './roster.js';
import { insertInstance, keepRoster, rosterAt } from './roster-store.js';

/** What became of a bundle. */
export interface EventResult {
  /** 32 bytes; null if the bundle is not even a frame. */
  readonly eventId: Uint8Array | null;
  /**
   * `applied`: it is in the tree now; `duplicate`: it was already; `orphaned`: it waits; `refused`: it never will be.
   */
  readonly outcome: 'applied' | 'duplicate' | 'orphaned' | 'refused';
  /** The rule that a refused event breaks. */
  readonly rule?: EventRule;
  /** Why an event, or its envelope, was refused: one line for people. */
  readonly reason?: string;
  /** `stored` if the envelope was new and right, `refused` if it is not what the event and its roster demand. */
  readonly envelope?: 'stored' | 'refused';
  /** What is wrong with a refused envelope. */
  readonly fault?: FaultReason;
}

/** What became of a bundle, and if it waits, as which orphan. */
export interface TakenBundle {
  readonly result: EventResult;
  /** 32 bytes; null if it does not wait. */
  readonly orphanId: Uint8Array | null;
  /** The event as it was stored; null if it was not. */
  readonly stored: EventNode | null;
}

/** Who takes in, and how bundles are opened and signatures verified. */
export interface Receiver {
  readonly groupId: Uint8Array;
  readonly identity: PublicIdentity;
  readonly bundles: OpenedBundles;
  readonly verify: FrameVerifier;
}

/** Stores an event that was found valid, with the instance that it adds. The head is not moved. */
export function storeEvent(db: MeshDatabase, event: MeshEvent, frame: Uint8Array, roster: Roster): EventNode {
  const node = insertEvent(db, event, frame);
  const added = event.change.kind === 'rotate' ? null : roster.byMid(event.id);
  if (added !== null) insertInstance(db, added);
  keepRoster(db, event.id, roster);
  return node;
}

function takeNewEnvelope(
  db: MeshDatabase,
  receiver: Receiver,
  event: MeshEvent,
  roster: Roster,
  envelope: Uint8Array,
): Pick<EventResult, 'envelope' | 'fault' | 'reason'> {
  const self = roster.bySignPub(receiver.identity.signPub);
  try {
    takeEnvelope(db, { ...receiver, event, roster, envelope });
  } catch (error) {
    if (!(error instanceof InvalidEnvelopeError)) throw error;
    const isMissed = self !== null && !hasSecret(db, event.id);
    if (isMissed) reportFault(db, { ...receiver, self }, event, error.reason);
    return { envelope: 'refused', fault: error.reason, reason: error.message };
  }
  if (self !== null) withdrawFault(db, event.id, self);
  return { envelope: 'stored' };
}

/** A known event again; its envelope may be the one that was missing. */
function takeAgain(db: MeshDatabase, receiver: Receiver, eventId: Uint8Array, { envelope }: OpenedBundle): EventResult {
  const known: EventResult = { eventId, outcome: 'duplicate' };
  if (envelope === null || loadEnvelope(db, eventId) !== null) return known;
  const roster = rosterAt(db, requireEvent(db, eventId));
  return { ...known, ...takeNewEnvelope(db, receiver, storedEvent(db, eventId), roster, envelope) };
}

/**
 * A bundle as it waits: without an envelope that its event does not commit to. Whoever carries a bundle could else put a
 * false envelope in the true one's place.
 */
function waitingBundle(event: MeshEvent | null, { frame, envelope }: OpenedBundle, bytes: Uint8Array): Uint8Array {
  if (event === null || envelope === null) return bytes;
  const isCommitted = equalBytes(envelopeHash(envelope), event.envelopeHash);
  return isCommitted ? bytes : encodeBundle({ frame: frame.bytes, envelope: null });
}

function takeNew(db: MeshDatabase, receiver: Receiver, bundle: OpenedBundle, bytes: Uint8Array): TakenBundle {
  const { frame } = bundle;
  const examined = examineEvent(db, receiver.groupId, frame, receiver.verify);
  const { signer: actor } = frame;
  // A copy for the caller: the frame's own is kept with the roster, as the instance of whom the event adds.
  const eventId = frame.id.slice();
  if ('waitingFor' in examined) {
    const waiting = waitingBundle(examined.event, bundle, bytes);
    const orphanId = examined.event === null ? sha256(bytes) : eventId;
    parkOrphan(db, { orphanId, waitingFor: examined.waitingFor, actor, bundle: waiting });
    return { result: { eventId, outcome: 'orphaned' }, orphanId, stored: null };
  }
  const { event, roster } = examined;
  const stored = storeEvent(db, event, frame.bytes, roster);
  const taken = bundle.envelope === null ? {} : takeNewEnvelope(db, receiver, event, roster, bundle.envelope);
  return { result: { eventId, outcome: 'applied', ...taken }, orphanId: null, stored };
}

/** A broken rule, or bytes that are no bundle, as a result; any other error goes on. */
export function refusal(eventId: Uint8Array | null, error: unknown): EventResult {
  if (error instanceof InvalidEventError) {
    return { eventId, outcome: 'refused', rule: error.rule, reason: error.message };
  }
  if (error instanceof MeshError && error.code === 'codec') {
    return { eventId, outcome: 'refused', rule: 'encoding', reason: error.message };
  }
  throw error;
}

/**
 * Takes in one bundle. Bad bytes are a result and no error; they change nothing. The head is not moved.
 *
 * To be called inside a transaction.
 */
export function takeBundle(db: MeshDatabase, receiver: Receiver, bytes: Uint8Array): TakenBundle {
  let eventId: Uint8Array | null = null;
  try {
    const bundle = receiver.bundles.take(bytes);
    eventId = bundle.frame.id;
    if (findEvent(db, eventId) !== null) {
      return { result: takeAgain(db, receiver, eventId, bundle), orphanId: null, stored: null };
    }
    return takeNew(db, receiver, bundle, bytes);
  } catch (error) {
    return { result: refusal(eventId, error), orphanId: null, stored: null };
  }
}
