/**
 * Examining an event that arrived, without changing anything. The order of the checks is fixed: size and shape of the
 * frame (when it is parsed), the signer's key, the signature, and only then what it says.
 *
 * @module
 */
import { equalBytes } from '../bytes.js';
import { type Frame, type FrameVerifier, verifyFrame } from '../codec/frame.js';
import { CodecError } from '../errors.js';
import type { MeshDatabase } from '../store/database.js';
import { decodeEvent, EVENT, EVENT_ITEMS, GENESIS, type MeshEvent } from './event.js';
import { findEvent } from './event-store.js';
import { isOfGroup } from './group-prefix.js';
import { InvalidEventError } from './invalid-event.js';
import type { Roster } from './roster.js';
import { findInstance, rosterAt } from './roster-store.js';
import { checkEvent } from './validity.js';

function checkFrame(frame: Frame, groupId: Uint8Array): void {
  if (frame.type === GENESIS) throw new InvalidEventError('group', 'the genesis is that of another group');
  if (frame.type !== EVENT) throw new InvalidEventError('type', `a bundle's frame must be of type ${EVENT}`);
  if (!isOfGroup(frame.payload, EVENT_ITEMS, groupId)) {
    throw new InvalidEventError('group', 'the event is not one of this group');
  }
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

/**
 * A valid event with the roster that it makes, or the id of the event that has to come before it can be told. Of an event
 * that waits for its parent the signature is good; of one that waits for its signer nothing is known, and `event` is null.
 */
export type ExaminedEvent =
  | { readonly event: MeshEvent; readonly roster: Roster }
  | { readonly event: MeshEvent | null; readonly waitingFor: Uint8Array };

/**
 * Examines an event that is not known yet.
 *
 * @param verify verifies its signature, and that of an embedded join request
 * @throws InvalidEventError naming the rule that it breaks
 */
export function examineEvent(
  db: MeshDatabase,
  groupId: Uint8Array,
  frame: Frame,
  verify: FrameVerifier = verifyFrame,
): ExaminedEvent {
  checkFrame(frame, groupId);
  const signer = findInstance(db, frame.signer);
  if (signer === null) return { event: null, waitingFor: frame.signer };
  if (!verify(frame, signer.signPub)) {
    throw new InvalidEventError('signature', "the signature does not verify under the signer's key");
  }
  const event = decodeVerified(frame, groupId);
  const prev = event.parent as Uint8Array;
  const parent = findEvent(db, prev);
  if (parent === null) return { event, waitingFor: prev };
  const parentState = { groupId, epoch: parent.epoch, roster: rosterAt(db, parent) };
  return { event, roster: checkEvent(event, parentState, verify) };
}
