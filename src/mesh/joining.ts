/**
 * A joiner's side: the request that answers an invite, and the welcome that brings the history.
 *
 * @module
 */
import { equalBytes, isBytes, requireBytes, requireOptions } from '../bytes.js';
import { verifyFrame } from '../codec/frame.js';
import { randomBytes } from '../crypto/random.js';
import { CodecError, IdentityExistsError, InvalidInputError, MeshError } from '../errors.js';
import type { MeshDatabase } from '../store/database.js';
import { EventIntake } from './apply-events.js';
import { decodeWelcome, OpenedBundles, openBundle, type Welcome } from './bundle.js';
import { InvalidEnvelopeError } from './envelope.js';
import { hasSecret } from './envelope-store.js';
import { decodeGenesis, GENESIS } from './event.js';
import { type EventResult, storeEvent } from './event-intake.js';
import { findEvent, requireEvent, storedEvent } from './event-store.js';
import { findGroup } from './group.js';
import { startHead } from './head.js';
import { loadGroupId, loadIdentity, type MeshIdentity, newIdentity, saveIdentity } from './identity.js';
import { InvalidEventError } from './invalid-event.js';
import { type Invite, openInvite } from './invite.js';
import { fingerprint, type JoinRequest, openJoinRequest, signJoinRequest } from './join-request.js';
import { requireMemberId } from './names.js';
import { findInstance } from './roster-store.js';
import { checkGenesis } from './validity.js';
import { verifyAhead } from './verify-ahead.js';

/** Settings of {@link requestJoin}. */
export interface RequestJoinOptions {
  /**
   * What this peer wants to be called: 1 to 64 bytes of UTF-8 in normalization form C, no control characters; its
   * present name, or `peer-` and 10 characters of its key's hash, where absent.
   */
  readonly memberId?: string;
}

/** A join request of this peer. */
export interface CreatedJoinRequest {
  /** For the inviting admin's `addMember`. */
  readonly request: Uint8Array;
  readonly memberId: string;
  /** A short code; the admin sees the same one. */
  readonly fingerprint: string;
}

function saveRequest(db: MeshDatabase, requestId: Uint8Array, invite: Invite): void {
  db.sql.run(
    `INSERT INTO mesh_join_request (request_id, group_id, head, inviter, inviter_sign_pub, inviter_dh_pub)
     VALUES (?, ?, ?, ?, ?, ?)`,
    [requestId, invite.groupId, invite.head, invite.inviter, invite.signPub, invite.dhPub],
  );
}

/** The identity to join with: that of an earlier request, or of a kicked member of the same group, or a new one. */
function joiningIdentity(db: MeshDatabase, invite: Invite, memberId: string | undefined): MeshIdentity {
  const present = loadIdentity(db);
  if (present === null) return newIdentity(db, memberId);
  const group = findGroup(db);
  if (group !== null && (group.self !== null || !equalBytes(group.id, invite.groupId))) throw new IdentityExistsError();
  return memberId === undefined ? present : { ...present, memberId };
}

/**
 * Answers an invite: makes this peer's keys, unless it has some from an earlier request, and signs a request with them.
 * A member that was kicked can come back to the same group in the same way.
 *
 * @param invite the text, or its bytes, that `createInvite` gave
 * @throws IdentityExistsError if this database belongs to a group
 * @throws CodecError, AuthenticationError if the invite is not as its author made it
 * @throws InvalidInputError if `memberId` is not as it must be
 * @throws MeshError `invite-expired`
 */
export function requestJoin(
  db: MeshDatabase,
  invite: string | Uint8Array,
  options: RequestJoinOptions = {},
): CreatedJoinRequest {
  const { memberId } = requireOptions(options);
  if (typeof invite !== 'string' && !isBytes(invite))
    throw new InvalidInputError('invite must be text or a Uint8Array');
  if (memberId !== undefined) requireMemberId(memberId);
  const opened = openInvite(invite);
  if (db.now() > opened.expires) throw new MeshError('invite-expired', 'the invite has expired; ask for a new one');
  return db.transaction(() => {
    const identity = joiningIdentity(db, opened, memberId);
    const keys = { ...identity, inviteSecret: opened.secret, inviterDhPub: opened.dhPub };
    const frame = signJoinRequest(keys, {
      groupId: opened.groupId,
      inviteId: opened.inviteId,
      nonce: randomBytes(16),
      memberId: identity.memberId,
      dhPub: identity.dhPub,
      createdAt: db.now(),
    });
    saveIdentity(db, identity, loadGroupId(db));
    saveRequest(db, frame.id, opened);
    return { request: frame.bytes, memberId: identity.memberId, fingerprint: fingerprint(frame.id) };
  });
}

/** What a welcome made of this peer. */
export interface AcceptedWelcome {
  /** 32 bytes. */
  readonly groupId: Uint8Array;
  readonly groupName: string;
  /** The epoch of this peer's add. */
  readonly epoch: number;
  /** 32 bytes: this peer's member instance id. */
  readonly mid: Uint8Array;
}

function startHistory(db: MeshDatabase, groupId: Uint8Array, bundle: Uint8Array): void {
  const { frame } = openBundle(bundle);
  if (frame.type !== GENESIS || !equalBytes(frame.id, groupId)) {
    throw new InvalidEventError('group', "the welcome does not start with the group's genesis");
  }
  if (!verifyFrame(frame, frame.signer)) {
    throw new InvalidEventError('signature', 'the signature of the genesis does not verify');
  }
  const genesis = decodeGenesis(frame);
  startHead(db, storeEvent(db, genesis, frame.bytes, checkGenesis(genesis)));
}

/** A refused or orphaned link of the chain, as an error. */
function requireLink({ outcome, rule, reason }: EventResult): void {
  if (outcome === 'orphaned') throw new MeshError('stale-history', 'the chain of the welcome has a gap');
  if (outcome === 'refused') {
    throw new InvalidEventError(rule ?? 'encoding', `the chain of the welcome is not valid: ${reason ?? 'unknown'}`);
  }
}

function takeChain(db: MeshDatabase, identity: MeshIdentity, { groupId, bundles }: Welcome): EventResult {
  const [first, ...rest] = bundles;
  if (first === undefined || rest.length === 0) throw new CodecError('welcome must hold a genesis and at least an add');
  if (findEvent(db, groupId) === null) startHistory(db, groupId, first);
  const opened = new OpenedBundles();
  const intake = new EventIntake(db, { groupId, identity, bundles: opened, verify: verifyAhead(db, rest, opened) });
  let last: EventResult | undefined;
  for (const bundle of rest) {
    last = intake.take(bundle);
    requireLink(last);
  }
  intake.finish();
  return last as EventResult;
}

/** The request of this peer that an add embeds, and what its invite said. */
function answeredRequest(db: MeshDatabase, eventId: Uint8Array): { request: JoinRequest; head: Uint8Array } {
  const { change } = storedEvent(db, eventId);
  const request = change.kind === 'add' ? openJoinRequest(change.request) : null;
  const row = request && db.sql.get('SELECT * FROM mesh_join_request WHERE request_id = ?', [request.id]);
  if (request === null || !row)
    throw new MeshError('not-for-us', 'the welcome does not end in an add of a request of this peer');
  const inviter = findInstance(db, row.inviter as Uint8Array);
  const sameKeys =
    inviter !== null &&
    equalBytes(inviter.signPub, row.inviter_sign_pub as Uint8Array) &&
    equalBytes(inviter.dhPub, row.inviter_dh_pub as Uint8Array);
  if (!sameKeys) throw new MeshError('stale-history', "the history of the welcome does not know the invite's author");
  return { request, head: row.head as Uint8Array };
}

/** The head that the invite named must be known now, as a valid event; if not, the chain is cut short or stale. */
function requireInviteHead(db: MeshDatabase, head: Uint8Array): void {
  if (findEvent(db, head) === null) {
    throw new MeshError(
      'stale-history',
      "the history of the welcome lacks the invite's head: it is truncated or stale",
    );
  }
}

function requireOwnSecret(db: MeshDatabase, { eventId, fault, reason }: EventResult): void {
  if (eventId !== null && hasSecret(db, eventId)) return;
  if (fault !== undefined) throw new InvalidEnvelopeError(fault, reason ?? 'the envelope of the welcome is not right');
  throw new MeshError('no-epoch-secret', "the welcome lacks the envelope of this peer's own add");
}

function expectedGroup(db: MeshDatabase): Uint8Array[] {
  return db.sql.all('SELECT DISTINCT group_id FROM mesh_join_request').map(({ group_id }) => group_id as Uint8Array);
}

/**
 * Takes in the history that the inviting admin sent, and becomes a member. All of it is verified from genesis on: the
 * group is the invite's, the invite's head lies in the chain, the chain ends in an add of this peer's own request, and
 * this peer's slot of its envelope opens. This peer can read gossip from that epoch on; of earlier ones it holds no
 * secret. One transaction.
 *
 * @param welcome the bytes that `addMember` gave
 * @throws MeshError `no-request` if no request of this peer waits, `wrong-group`, `stale-history` if the chain is cut
 *   short, `not-for-us`, `no-epoch-secret` if the envelope is missing
 * @throws InvalidEventError if an event of the chain breaks a rule
 * @throws InvalidEnvelopeError (`invalid-envelope`) if this peer's envelope is wrong
 * @throws CodecError
 */
export function acceptWelcome(db: MeshDatabase, welcome: Uint8Array): AcceptedWelcome {
  requireBytes('welcome', welcome);
  const identity = loadIdentity(db);
  const groups = expectedGroup(db);
  if (identity === null || groups.length === 0) {
    throw new MeshError('no-request', 'no join request of this peer waits for a welcome');
  }
  const opened = decodeWelcome(welcome);
  const { groupId } = opened;
  if (!groups.some((group) => equalBytes(group, groupId))) {
    throw new MeshError('wrong-group', "the welcome is to another group than the invite's");
  }
  return db.transaction(() => {
    const last = takeChain(db, identity, opened);
    const mid = last.eventId as Uint8Array;
    const { request, head } = answeredRequest(db, mid);
    requireInviteHead(db, head);
    requireOwnSecret(db, last);
    const genesis = storedEvent(db, groupId).change;
    const groupName = genesis.kind === 'genesis' ? genesis.groupName : '';
    saveIdentity(db, { ...identity, memberId: request.memberId, groupName }, groupId);
    db.sql.run('DELETE FROM mesh_join_request');
    return { groupId, groupName, epoch: requireEvent(db, mid).epoch, mid };
  });
}
