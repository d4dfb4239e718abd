/**
 * Events and messages that the library would not make: a member's real keys, and whatever an attacker likes around
 * them.
 */

import type { MeshDatabase } from '../../../src/index.js';
import { encodeBundle } from '../../../src/mesh/bundle.js';
import { envelopeHash, sealEnvelope } from '../../../src/mesh/envelope.js';
import { type EventDraft, signEvent } from '../../../src/mesh/event.js';
import { type EventNode, findEpoch, findHead, requireEvent } from '../../../src/mesh/event-store.js';
import { requireGroup } from '../../../src/mesh/group.js';
import { loadSigningKey } from '../../../src/mesh/identity.js';
import type { Roster } from '../../../src/mesh/roster.js';
import { rosterAt } from '../../../src/mesh/roster-store.js';
import { newEpochSecret, secretCommit } from '../../../src/mesh/secret.js';

/** A forged event. */
export interface Forged {
  readonly eventId: Uint8Array;
  readonly bundle: Uint8Array;
  readonly frame: Uint8Array;
  readonly envelope: Uint8Array;
  readonly secret: Uint8Array;
}

/** What to forge; everything but the change is as an honest admin would make it. */
export interface ForgeOptions {
  readonly change: EventDraft['change'];
  /** The parent; the head where absent. */
  readonly parent?: Uint8Array;
  /** The roster after the change; what follows from the change where absent. */
  readonly roster?: Roster;
  /** Whose event it says it is; the database's own member where absent. */
  readonly mid?: Uint8Array;
  /** Whose key signs; the database's own member's where absent. */
  readonly signPriv?: Uint8Array;
  readonly draft?: Partial<EventDraft>;
  /** Makes the envelope from its honest bytes, before its hash is taken. */
  readonly envelope?: (honest: Uint8Array) => Uint8Array;
  /** What is sealed, in place of the secret that is committed to. */
  readonly sealed?: Uint8Array;
}

/** The first instance of the database's own member, whatever became of it since. */
function ownMid(db: MeshDatabase): Uint8Array {
  const { signPub } = requireGroup(db).identity;
  return db.sql.get('SELECT mid FROM mesh_roster WHERE sign_pub = ?', [signPub])?.mid as Uint8Array;
}

/** The roster after a kick or rotate; whoever forges an add says what it should be. */
function rosterAfter(before: Roster, change: EventDraft['change']): Roster {
  return change.kind === 'kick' ? before.without(change.target) : before;
}

/** Signs an event with the keys of the database's member, without asking the library whether it may. */
export function forge(db: MeshDatabase, options: ForgeOptions): Forged {
  const { id: groupId } = requireGroup(db);
  const parent = options.parent === undefined ? (findHead(db) as EventNode) : requireEvent(db, options.parent);
  const mid = options.mid ?? ownMid(db);
  const roster = options.roster ?? rosterAfter(rosterAt(db, parent), options.change);
  const secret = newEpochSecret();
  const epoch = parent.epoch + 1;
  const committed = { rosterHash: roster.hash, secretCommit: secretCommit(groupId, epoch, secret) };
  const place = { groupId, epoch, prev: parent.id };
  const honest = sealEnvelope({ ...place, ...committed, signer: mid }, roster, options.sealed ?? secret);
  const envelope = options.envelope?.(honest) ?? honest;
  const frame = signEvent(mid, options.signPriv ?? loadSigningKey(db), {
    ...place,
    ...committed,
    change: options.change,
    envelopeHash: envelopeHash(envelope),
    createdAt: db.now(),
    ...options.draft,
  });
  const bundle = encodeBundle({ frame: frame.bytes, envelope });
  return { eventId: frame.id, bundle, frame: frame.bytes, envelope, secret };
}

/** The event of an epoch on the head path. */
export function eventOfEpoch(db: MeshDatabase, epoch: number): Uint8Array {
  return (findEpoch(db, epoch) as EventNode).id;
}
