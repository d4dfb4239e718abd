/**
 * Faults: a member's signed report that an event's envelope is not what it must be. Admins see them in the status and
 * answer with a rotate.
 *
 * @module
 */
import { equalBytes, requireBytes } from '../bytes.js';
import { type Frame, parseFrame, signFrame, verifyFrame } from '../codec/frame.js';
import { bytesOf, decodeShape, encodeShape, items, oneOf } from '../codec/shape.js';
import { AuthenticationError, CodecError, MeshError, NotAMemberError } from '../errors.js';
import type { MeshDatabase } from '../store/database.js';
import { requireEnabled } from './enabled.js';
import { FAULT_REASONS, type FaultReason } from './envelope.js';
import { hasSecret } from './envelope-store.js';
import { type EventNode, requireEvent } from './event-store.js';
import { requireGroup } from './group.js';
import { loadSigningKey } from './identity.js';
import { MAX_FAULTS_OF_MEMBER, MAX_FRAME_BYTES } from './limits.js';
import type { MeshRosterEntry } from './roster.js';
import { findInstance, isMemberAt } from './roster-store.js';

const FAULT = 'fault';
const PAYLOAD = items({ groupId: bytesOf(32), eventId: bytesOf(32), reason: oneOf(...FAULT_REASONS) });

/** A report that an envelope is bad. */
export interface Fault {
  /** 32 bytes: the event whose envelope it is. */
  readonly eventId: Uint8Array;
  /** Who reports. */
  readonly memberId: string;
  readonly reason: FaultReason;
  /** The signed report, to be handed to others. */
  readonly frame: Uint8Array;
}

const isKnown = (db: MeshDatabase, faultId: Uint8Array) =>
  db.sql.get('SELECT 1 FROM mesh_fault WHERE fault_id = ?', [faultId]) !== undefined;

function insertFault(db: MeshDatabase, frame: Frame, eventId: Uint8Array, reason: FaultReason): void {
  db.sql.run('INSERT INTO mesh_fault (fault_id, event_id, mid, reason, frame) VALUES (?, ?, ?, ?, ?)', [
    frame.id,
    eventId,
    frame.signer,
    reason,
    frame.bytes,
  ]);
}

/** Where the event of a fault stands. */
type Place = Pick<EventNode, 'epoch' | 'onHeadPath'>;

/**
 * Makes room for one more fault of a member. Faults are of use as long as their event is the head, so that beyond a hundred
 * those off the head path give way, and then those about the earliest epochs.
 *
 * @returns whether there is room: not where all that are kept count for more
 */
function makeRoom(db: MeshDatabase, mid: Uint8Array, { epoch, onHeadPath }: Place): boolean {
  const count = db.sql.get('SELECT count(*) AS count FROM mesh_fault WHERE mid = ?', [mid])?.count as number;
  if (count < MAX_FAULTS_OF_MEMBER) return true;
  const least = db.sql.get(
    `SELECT fault_id FROM mesh_fault JOIN mesh_event USING (event_id)
     WHERE mid = ?1 AND (on_head_path < ?2 OR on_head_path = ?2 AND epoch < ?3) ORDER BY on_head_path, epoch LIMIT 1`,
    [mid, onHeadPath ? 1 : 0, epoch],
  );
  if (least === undefined) return false;
  db.sql.run('DELETE FROM mesh_fault WHERE fault_id = ?', [least.fault_id as Uint8Array]);
  return true;
}

/** Signs and stores this peer's own report about an event that has just come, and may become the head. */
export function reportFault(
  db: MeshDatabase,
  { groupId, self }: { readonly groupId: Uint8Array; readonly self: MeshRosterEntry },
  { id: eventId, epoch }: Pick<EventNode, 'id' | 'epoch'>,
  reason: FaultReason,
): void {
  const payload = encodeShape(PAYLOAD, { groupId, eventId, reason }, 'fault payload');
  const frame = signFrame(FAULT, self.mid, loadSigningKey(db), payload);
  if (isKnown(db, frame.id) || !makeRoom(db, self.mid, { epoch, onHeadPath: true })) return;
  insertFault(db, frame, eventId, reason);
}

/** Takes back this peer's own report, once the right envelope has come. It does not come back from those who were told. */
export function withdrawFault(db: MeshDatabase, eventId: Uint8Array, self: MeshRosterEntry): void {
  db.sql.run('DELETE FROM mesh_fault WHERE event_id = ? AND mid = ?', [eventId, self.mid]);
}

function openFault(db: MeshDatabase, groupId: Uint8Array, bytes: Uint8Array) {
  const frame = parseFrame(bytes, { maxBytes: MAX_FRAME_BYTES });
  if (frame.type !== FAULT) throw new CodecError(`fault must be a frame of type ${FAULT}`);
  const reporter = findInstance(db, frame.signer);
  if (reporter === null) throw new NotAMemberError('the reporter of the fault is not known here');
  if (!verifyFrame(frame, reporter.signPub))
    throw new AuthenticationError('the signature of the fault does not verify');
  const payload = decodeShape(PAYLOAD, frame.payload, { maxBytes: MAX_FRAME_BYTES, what: 'fault payload' });
  if (!equalBytes(payload.groupId, groupId)) throw new MeshError('wrong-group', 'the fault is about another group');
  return { frame, reporter, ...payload };
}

/**
 * Takes in another member's fault; one that is known already changes nothing, and neither does one of this peer's own that
 * it has taken back.
 *
 * @throws MeshDisabledError, InvalidInputError, CodecError, AuthenticationError
 * @throws NotAMemberError if the reporter was not in the roster that the event made
 * @throws MeshError `no-group`, `wrong-group`, `unknown-event`, or `too-many-faults` of one member
 */
export function applyFault(db: MeshDatabase, fault: Uint8Array): void {
  requireEnabled(db);
  requireBytes('fault', fault);
  const { id: groupId, identity } = requireGroup(db);
  const { frame, reporter, eventId, reason } = openFault(db, groupId, fault);
  const event = requireEvent(db, eventId);
  if (!isMemberAt(db, event, reporter.mid)) {
    throw new NotAMemberError('the reporter of the fault was not a member after that event');
  }
  const isTakenBack = equalBytes(reporter.signPub, identity.signPub) && hasSecret(db, eventId);
  if (isTakenBack || isKnown(db, frame.id)) return;
  const isKept = db.transaction(() => {
    if (!makeRoom(db, reporter.mid, event)) return false;
    insertFault(db, frame, eventId, reason);
    return true;
  });
  if (!isKept) throw new MeshError('too-many-faults', 'this member reported too many faults');
}

/** The faults that were reported for an event. */
export function faultsOf(db: MeshDatabase, eventId: Uint8Array): Fault[] {
  return db.sql
    .all(
      `SELECT event_id, member_id, reason, frame FROM mesh_fault JOIN mesh_roster USING (mid)
       WHERE event_id = ? ORDER BY fault_id`,
      [eventId],
    )
    .map((row) => ({
      eventId: row.event_id as Uint8Array,
      memberId: row.member_id as string,
      reason: row.reason as FaultReason,
      frame: row.frame as Uint8Array,
    }));
}
