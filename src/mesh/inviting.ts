/**
 * An admin's side of a join: the invite, and the add that answers a join request.
 *
 * @module
 */
import { equalBytes, isBytes, requireBytes, requireOptions } from '../bytes.js';
import { randomBytes } from '../crypto/random.js';
import { InvalidInputError, MeshError } from '../errors.js';
import type { MeshDatabase } from '../store/database.js';
import { requireEnabled } from './enabled.js';
import { type JoinedGroup, requireAdmin } from './group.js';
import { loadDhKey, loadSigningKey } from './identity.js';
import { InvalidEventError } from './invalid-event.js';
import { signInvite } from './invite.js';
import { checkProofs, fingerprint, type JoinRequest, openJoinRequest } from './join-request.js';
import { commitChange, type MembershipChange } from './membership.js';
import { type Role, requireRole } from './roster.js';
import { checkJoiner } from './validity.js';
import { welcomeTo } from './welcome.js';

const WEEK = 7 * 24 * 60 * 60;
const MAX_EXPIRES_IN = 366 * 24 * 60 * 60;

/** Settings of {@link createInvite}. */
export interface InviteOptions {
  /** Seconds until the invite expires, 1 to 366 days; 7 days where absent. */
  readonly expiresIn?: number;
  /** Where the joiner can reach this group: at most 8 URLs of at most 1,024 characters. */
  readonly urls?: readonly string[];
  /** SHA-256 hashes of the certificates to expect there: at most 8, 32 bytes each. */
  readonly certPins?: readonly Uint8Array[];
}

/** An invite for one joiner. */
export interface CreatedInvite {
  /** Base64url text. Whoever holds it can ask to be added: a secret until it is used. */
  readonly invite: string;
  /** 16 bytes. */
  readonly inviteId: Uint8Array;
  /** Seconds since the Unix epoch. */
  readonly expires: number;
}

function requireExpiresIn(expiresIn: number): number {
  if (!Number.isSafeInteger(expiresIn) || expiresIn < 1 || expiresIn > MAX_EXPIRES_IN) {
    throw new InvalidInputError(`expiresIn must be a whole number of seconds from 1 to ${MAX_EXPIRES_IN}`);
  }
  return expiresIn;
}

/** A URL as it travels: printable ASCII without spaces. */
const URL_TEXT = /^[\x21-\x7e]{1,1024}$/;
const MAX_ADDRESSES = 8;

function requireAddresses(urls: readonly string[], certPins: readonly Uint8Array[]): void {
  const isUrl = (url: unknown) => typeof url === 'string' && URL_TEXT.test(url);
  if (!Array.isArray(urls) || urls.length > MAX_ADDRESSES || !urls.every(isUrl)) {
    throw new InvalidInputError(`urls must be at most ${MAX_ADDRESSES} URLs of at most 1,024 ASCII characters each`);
  }
  const isPin = (pin: unknown) => isBytes(pin) && pin.length === 32;
  if (!Array.isArray(certPins) || certPins.length > MAX_ADDRESSES || !certPins.every(isPin)) {
    throw new InvalidInputError(`certPins must be at most ${MAX_ADDRESSES} hashes of 32 bytes each`);
  }
}

/**
 * Makes an invite that works once.
 *
 * @throws MeshDisabledError, NotAMemberError
 * @throws NotAuthorizedError if this peer is not an admin
 * @throws InvalidInputError if a setting is out of range
 * @throws MeshError `no-group`
 */
export function createInvite(db: MeshDatabase, options: InviteOptions = {}): CreatedInvite {
  requireEnabled(db);
  const { expiresIn = WEEK, urls = [], certPins = [] } = requireOptions(options);
  const expires = db.now() + requireExpiresIn(expiresIn);
  requireAddresses(urls, certPins);
  return db.transaction(() => {
    const { id: groupId, self, head } = requireAdmin(db);
    const inviteId = randomBytes(16);
    const secret = randomBytes(32);
    const { signPub, dhPub } = self;
    const invite = signInvite(self.mid, loadSigningKey(db), {
      groupId,
      inviteId,
      secret,
      signPub,
      dhPub,
      head: head.id,
      expires,
      urls,
      certPins,
    });
    db.sql.run('INSERT INTO mesh_invite (invite_id, secret, head, expires) VALUES (?, ?, ?, ?)', [
      inviteId,
      db.secrets.seal(secretOf(inviteId), secret),
      head.id,
      expires,
    ]);
    return { invite, inviteId, expires };
  });
}

/** Settings of {@link addMember}. */
export interface AddMemberOptions {
  /** `member` where absent. */
  readonly role?: Role;
}

/** An add that this peer made. */
export interface AddedMember extends MembershipChange {
  /** For the joiner's `acceptWelcome`. */
  readonly welcome: Uint8Array;
  readonly memberId: string;
  /** The request's short code; the joiner sees the same one. */
  readonly fingerprint: string;
}

const secretOf = (inviteId: Uint8Array) => ({ table: 'mesh_invite', column: 'secret', row: inviteId }) as const;

/** An invite of this peer that can still be used. */
interface UsableInvite {
  readonly secret: Uint8Array;
  /** The head that it named. */
  readonly head: Uint8Array;
}

function usableInvite(db: MeshDatabase, inviteId: Uint8Array): UsableInvite {
  const row = db.sql.get('SELECT secret, head, expires FROM mesh_invite WHERE invite_id = ?', [inviteId]);
  if (row === undefined) throw new MeshError('unknown-invite', 'the join request answers no invite of this peer');
  if (row.secret === null) throw new MeshError('invite-used', 'the invite was used already; an invite works once');
  if (db.now() > (row.expires as number))
    throw new MeshError('invite-expired', 'the invite has expired; make a new one');
  return { secret: db.secrets.open(secretOf(inviteId), row.secret), head: row.head as Uint8Array };
}

/** The rules that every peer applies to the one whom an add adds, as errors of whoever makes it. */
function requireFit({ roster }: JoinedGroup, request: JoinRequest): void {
  try {
    checkJoiner(roster, request);
  } catch (cause) {
    if (!(cause instanceof InvalidEventError)) throw cause;
    const code = cause.rule.startsWith('unique-') ? 'already-member' : 'invalid-request';
    throw new MeshError(code, `the join request cannot be accepted: ${cause.message}`, { cause });
  }
}

/**
 * The invite of this peer that a request answers, once it is certain that its author knows it and can be added.
 *
 * @throws MeshError `wrong-group`, `unknown-invite`, `invite-used`, `invite-expired`, `already-member`, `invalid-request`
 * @throws AuthenticationError if a proof is wrong
 */
export function answeredInvite(db: MeshDatabase, group: JoinedGroup, request: JoinRequest): UsableInvite {
  if (!equalBytes(request.groupId, group.id)) {
    throw new MeshError('wrong-group', 'the join request is for another group');
  }
  const invite = usableInvite(db, request.inviteId);
  checkProofs(request, invite.secret, loadDhKey(db));
  requireFit(group, request);
  return invite;
}

function commitAdd(db: MeshDatabase, group: JoinedGroup, request: JoinRequest, role: Role): MembershipChange {
  const { memberId, signPub, dhPub, id } = request;
  // An entry of the roster hash has no mid, so the request's id stands for the one that is not known before the event.
  const joiner = { memberId, mid: id, signPub, dhPub, role, sinceEpoch: group.head.epoch + 1 };
  return commitChange(db, group, { kind: 'add', request: request.bytes, role }, group.roster.with(joiner));
}

/**
 * Adds the author of a join request that answers an invite of this peer, and uses the invite up, in one transaction.
 *
 * @param request the bytes that `requestJoin` gave
 * @throws MeshDisabledError, NotAMemberError, CodecError
 * @throws NotAuthorizedError if this peer is not an admin
 * @throws AuthenticationError if the request's signature or one of its proofs is wrong
 * @throws InvalidInputError if `role` is neither `admin` nor `member`
 * @throws MeshError `unknown-invite`, `invite-used`, `invite-expired`, `wrong-group`; `already-member` if its keys or
 *   name are in the roster; `invalid-request` if its keys or name are not as they must be; `no-group`
 */
export function addMember(db: MeshDatabase, request: Uint8Array, options: AddMemberOptions = {}): AddedMember {
  requireEnabled(db);
  requireBytes('request', request);
  const { role = 'member' } = requireOptions(options);
  requireRole(role);
  // Whatever a request can fail at comes before the transaction and before any seal: to undo one begins another stream of
  // gossip and lets much be read anew, and a stranger may hand in as many requests as an open invite brings.
  const group = requireAdmin(db);
  const opened = openJoinRequest(request);
  const { head } = answeredInvite(db, group, opened);
  return db.transaction(() => {
    const added = commitAdd(db, group, opened, role);
    db.sql.run('UPDATE mesh_invite SET secret = NULL, used_by = ? WHERE invite_id = ?', [
      added.eventId,
      opened.inviteId,
    ]);
    const welcome = welcomeTo(db, group.id, added.eventId, head);
    return { ...added, welcome, memberId: opened.memberId, fingerprint: fingerprint(opened.id) };
  });
}
