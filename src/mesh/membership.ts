/**
 * Changes of the roster: kick and rotate, and the making of an event that an add shares with them. A change is
 * complete in one transaction: roster, epoch, every wrap of the new secret, and for a kick the cut of the target's
 * gossip.
 *
 * @module
 */
import { equalBytes } from '../bytes.js';
import type { Frame } from '../codec/frame.js';
import { NotAMemberError, NotAuthorizedError } from '../errors.js';
import type { MeshDatabase } from '../store/database.js';
import { encodeBundle } from './bundle.js';
import { requireEnabled } from './enabled.js';
import { envelopeHash, sealEnvelope } from './envelope.js';
import { saveEnvelope, saveSecret } from './envelope-store.js';
import { decodeEvent, type EventDraft, type MeshEvent, signEvent } from './event.js';
import { storeEvent } from './event-intake.js';
import { findHead } from './event-store.js';
import { cutOf } from './gossip-store.js';
import { type JoinedGroup, requireAdmin } from './group.js';
import { chooseHeadAgain, placeEvent } from './head.js';
import { loadSigningKey } from './identity.js';
import { requireMemberId } from './names.js';
import { outranks } from './rank.js';
import type { Roster } from './roster.js';
import { newEpochSecret, secretCommit } from './secret.js';
import { checkEvent } from './validity.js';

/** A change of the roster that this peer made. */
export interface MembershipChange {
  readonly kind: 'add' | 'kick' | 'rotate';
  /** The epoch that it began. */
  readonly epoch: number;
  /** 32 bytes. */
  readonly eventId: Uint8Array;
  /** The event with its envelope, for the other members' `applyEvents`. */
  readonly bundle: Uint8Array;
}

/** The parts of an event that this peer signed. */
interface MadeEvent {
  readonly frame: Frame;
  readonly event: MeshEvent;
  readonly envelope: Uint8Array;
  readonly secret: Uint8Array;
}

function makeEvent(db: MeshDatabase, group: JoinedGroup, change: EventDraft['change'], roster: Roster): MadeEvent {
  const { id: groupId, self, head } = group;
  const epoch = head.epoch + 1;
  const secret = newEpochSecret();
  const committed = { rosterHash: roster.hash, secretCommit: secretCommit(groupId, epoch, secret) };
  const place = { groupId, epoch, prev: head.id };
  const envelope = sealEnvelope({ ...place, ...committed, signer: self.mid }, roster, secret);
  const draft = { ...place, ...committed, change, envelopeHash: envelopeHash(envelope), createdAt: db.now() };
  const frame = signEvent(self.mid, loadSigningKey(db), draft);
  return { frame, event: decodeEvent(frame).event, envelope, secret };
}

/**
 * Makes, checks and stores an event of this peer on the head, and moves the head onto it. Inside a transaction.
 *
 * @param roster the roster after the change; of an added member the `mid` does not matter
 * @throws NotAuthorizedError if a kick on another branch voids what this peer signs
 */
export function commitChange(
  db: MeshDatabase,
  group: JoinedGroup,
  change: EventDraft['change'],
  roster: Roster,
): MembershipChange {
  const { frame, event, envelope, secret } = makeEvent(db, group, change, roster);
  const parent = { groupId: group.id, epoch: group.head.epoch, roster: group.roster };
  const node = storeEvent(db, event, frame.bytes, checkEvent(event, parent));
  saveSecret(db, event.id, secret);
  saveEnvelope(db, event.id, envelope);
  if (!placeEvent(db, node)) chooseHeadAgain(db);
  if (!equalBytes((findHead(db) ?? node).id, event.id)) {
    throw new NotAuthorizedError('a kick of this peer on another branch voids its events');
  }
  const bundle = encodeBundle({ frame: frame.bytes, envelope });
  // The event's own id stays in the kept roster, as the instance of whom it adds.
  return { kind: change.kind, epoch: event.epoch, eventId: event.id.slice(), bundle };
}

/**
 * Kicks a member: new roster, new epoch, the new secret wrapped to everyone else, and the cut of the target's gossip,
 * all in one transaction. What the target signed before stays verifiable.
 *
 * @param memberId the target's name in the current roster
 * @throws MeshDisabledError, InvalidInputError
 * @throws NotAMemberError if this peer or the target is not in the roster
 * @throws NotAuthorizedError if this peer does not outrank the target
 * @throws MeshError `no-group`
 */
export function kickMember(db: MeshDatabase, memberId: string): MembershipChange {
  requireEnabled(db);
  requireMemberId(memberId);
  return db.transaction(() => {
    const group = requireAdmin(db);
    const target = group.roster.byMemberId(memberId);
    if (target === null) throw new NotAMemberError(`${JSON.stringify(memberId)} is not in the roster`);
    if (!outranks(group.self, target)) {
      throw new NotAuthorizedError(`this peer does not outrank ${JSON.stringify(memberId)}`);
    }
    const change = { kind: 'kick', target: target.mid, cut: cutOf(db, target.mid) } as const;
    return commitChange(db, group, change, group.roster.without(target.mid));
  });
}

/**
 * Begins a new epoch with a fresh secret for the same roster.
 *
 * @throws MeshDisabledError
 * @throws NotAMemberError if this peer was kicked
 * @throws NotAuthorizedError if this peer is not an admin
 * @throws MeshError `no-group`
 */
export function rotateEpoch(db: MeshDatabase): MembershipChange {
  requireEnabled(db);
  return db.transaction(() => {
    const group = requireAdmin(db);
    return commitChange(db, group, { kind: 'rotate' }, group.roster);
  });
}
