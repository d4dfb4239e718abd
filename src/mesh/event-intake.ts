/**
 * Taking in one bundle: from bytes of unknown worth to an event in the tree. The order of the checks is fixed: size and
 * shape of the frame, the signer's key, the signature, and only then what it says.
 *
 * @module
 */
import { equalBytes } from '../bytes.js';
import { type Frame, parseFrame, verifyFrame } from '../codec/frame.js';
import { CodecError, MeshError } from '../errors.js';
import type { MeshDatabase } from '../store/database.js';
import { type Bundle, decodeBundle } from './bundle.js';
import { type FaultReason, InvalidEnvelopeError } from './envelope.js';
import { loadEnvelope, loadSecret, takeEnvelope } from './envelope-store.js';
import { decodeEvent, EVENT, EVENT_ITEMS, GENESIS, type MeshEvent } from './event.js';
import { findEvent, insertEvent, requireEvent, storedEvent } from './event-store.js';
import { reportFault, withdrawFault } from './fault.js';
import { isOfGroup } from './group-prefix.js';
import type { MeshIdentity } from './identity.js';
import { type EventRule, InvalidEventError } from './invalid-event.js';
import { MAX_FRAME_BYTES } from './limits.js';
import { parkOrphan } from './orphans.js';
import type { Roster } from './roster.js';
import { findInstance, insertInstance, keepRoster, rosterAt } from './roster-store.js';
import { checkEvent } from './validity.js';

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

/** Who takes in. */
export interface Receiver {
  readonly groupId: Uint8Array;
  readonly identity: MeshIdentity;
}

/** Stores an event that was found valid, with the instance that it adds. The head is not moved. */
export function storeEvent(db: MeshDatabase, event: MeshEvent, frame: Uint8Array, roster: Roster): void {
  insertEvent(db, event, frame);
  const added = roster.byMid(event.id);
  if (added !== null) insertInstance(db, added);
  keepRoster(db, event.id, roster);
}

function decodeVerified(frame: Frame, groupId: Uint8Array): MeshEvent {
  try {
    const { groupId: named, event } = decodeEvent(frame);
    if (!equalBytes(named, groupId)) throw new InvalidEventError('group', 'the event is of another group');
    return event;
  } catch (cause) {
    if (!(cause instanceof CodecError)) throw cause;
    throw new InvalidEventError('shape', cause.message, { cause });
  }
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
    const isMissed = self !== null && loadSecret(db, event.id) === null;
    if (isMissed) reportFault(db, { ...receiver, self }, event.id, error.reason);
    return { envelope: 'refused', fault: error.reason, reason: error.message };
  }
  if (self !== null) withdrawFault(db, event.id, self);
  return { envelope: 'stored' };
}

/** A known event again; its envelope may be the one that was missing. */
function takeAgain(db: MeshDatabase, receiver: Receiver, eventId: Uint8Array, { envelope }: Bundle): EventResult {
  const known: EventResult = { eventId, outcome: 'duplicate' };
  if (envelope === null || loadEnvelope(db, eventId) !== null) return known;
  const roster = rosterAt(db, requireEvent(db, eventId));
  return { ...known, ...takeNewEnvelope(db, receiver, storedEvent(db, eventId), roster, envelope) };
}

function checkFrame(frame: Frame, groupId: Uint8Array): void {
  if (frame.type === GENESIS) throw new InvalidEventError('group', 'the genesis is that of another group');
  if (frame.type !== EVENT) throw new InvalidEventError('type', `a bundle's frame must be of type ${EVENT}`);
  if (!isOfGroup(frame.payload, EVENT_ITEMS, groupId)) {
    throw new InvalidEventError('group', 'the event is not one of this group');
  }
}

function takeNew(db: MeshDatabase, receiver: Receiver, frame: Frame, bundle: Bundle, bytes: Uint8Array): EventResult {
  checkFrame(frame, receiver.groupId);
  const { id: eventId, signer: actor } = frame;
  const orphaned = (waitingFor: Uint8Array): EventResult => {
    parkOrphan(db, { eventId, waitingFor, actor, bundle: bytes });
    return { eventId, outcome: 'orphaned' };
  };
  const signer = findInstance(db, actor);
  if (signer === null) return orphaned(actor);
  if (!verifyFrame(frame, signer.signPub)) {
    throw new InvalidEventError('signature', "the signature does not verify under the signer's key");
  }
  const event = decodeVerified(frame, receiver.groupId);
  const prev = event.parent as Uint8Array;
  const parent = findEvent(db, prev);
  if (parent === null) return orphaned(prev);
  const parentState = { groupId: receiver.groupId, epoch: parent.epoch, roster: rosterAt(db, parent) };
  const roster = checkEvent(event, parentState);
  storeEvent(db, event, frame.bytes, roster);
  const taken = bundle.envelope === null ? {} : takeNewEnvelope(db, receiver, event, roster, bundle.envelope);
  return { eventId, outcome: 'applied', ...taken };
}

function refusal(eventId: Uint8Array | null, error: unknown): EventResult {
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
export function takeBundle(db: MeshDatabase, receiver: Receiver, bytes: Uint8Array): EventResult {
  let eventId: Uint8Array | null = null;
  try {
    const bundle = decodeBundle(bytes);
    const frame = parseFrame(bundle.frame, { maxBytes: MAX_FRAME_BYTES });
    eventId = frame.id;
    if (findEvent(db, eventId) !== null) return takeAgain(db, receiver, eventId, bundle);
    return takeNew(db, receiver, frame, bundle, bytes);
  } catch (error) {
    return refusal(eventId, error);
  }
}
