/**
 * Admission: join requests that reach an admin by themselves. They wait, in bounded number, until the admin approves them;
 * or an invite says that whoever answers it is added at once. Only requests that prove that they know an invite of this
 * peer are kept, so that strangers cannot fill the list.
 *
 * @module
 */
import { equalBytes, requireBytes } from '../bytes.js';
import { InvalidInputError, MeshError } from '../errors.js';
import type { MeshDatabase } from '../store/database.js';
import { byteKey } from './byte-key.js';
import { requireEnabled } from './enabled.js';
import { findEvent, storedEvent } from './event-store.js';
import { type Group, requireAdmin, requireGroup } from './group.js';
import { type AddedMember, addMember, answeredInvite } from './inviting.js';
import { embeddedFrame, fingerprint, type JoinRequest, openJoinRequest } from './join-request.js';
import { type Role, requireRole } from './roster.js';
import { welcomeTo } from './welcome.js';

/** Most requests that wait, for one invite and in all; the oldest are dropped first. */
const MAX_PENDING_OF_INVITE = 4;
const MAX_PENDING = 256;

/** The requests that were declined while this program runs, by id, so that whoever made them is told. */
const declined = new WeakMap<MeshDatabase, Set<string>>();

/** A join request that waits for this peer's approval. */
export interface PendingJoin {
  /** 32 bytes. */
  readonly requestId: Uint8Array;
  /** 16 bytes. */
  readonly inviteId: Uint8Array;
  /** The name that the joiner wants. */
  readonly memberId: string;
  /** The short code that the joiner sees as well. */
  readonly fingerprint: string;
  /** Seconds since the Unix epoch. */
  readonly receivedAt: number;
}

/** What became of a join request so far. */
export type Admission =
  | { readonly state: 'pending' }
  | { readonly state: 'added'; readonly mid: Uint8Array; readonly welcome: () => Uint8Array };

/**
 * The present member whom a request brought in: whoever lost the answer may ask again. Who was kicked since is none, and
 * its request is one that answers a used invite.
 */
function findAdded(db: MeshDatabase, { roster }: Group, request: JoinRequest): Uint8Array | null {
  const member = roster.bySignPub(request.signPub);
  if (member === null) return null;
  const { change } = storedEvent(db, member.mid);
  return change.kind === 'add' && equalBytes(embeddedFrame(change.request).id, request.id) ? member.mid : null;
}

function added(db: MeshDatabase, request: JoinRequest, mid: Uint8Array): Admission {
  const { id: groupId } = requireGroup(db);
  const row = db.sql.get('SELECT head FROM mesh_invite WHERE invite_id = ?', [request.inviteId]);
  const head = row?.head as Uint8Array | undefined;
  const known = head !== undefined && findEvent(db, head) !== null ? head : groupId;
  return { state: 'added', mid, welcome: () => welcomeTo(db, groupId, mid, known) };
}

function park(db: MeshDatabase, request: JoinRequest): void {
  db.sql.run(
    `INSERT INTO mesh_pending_join (request_id, invite_id, received_at, request) VALUES (?, ?, ?, ?)
     ON CONFLICT (request_id) DO NOTHING`,
    [request.id, request.inviteId, db.now(), request.bytes],
  );
  const keep = (condition: string, count: number, params: Uint8Array[]) =>
    db.sql.run(
      `DELETE FROM mesh_pending_join WHERE arrival IN
       (SELECT arrival FROM mesh_pending_join ${condition} ORDER BY arrival DESC LIMIT -1 OFFSET ${count})`,
      params,
    );
  keep('WHERE invite_id = ?', MAX_PENDING_OF_INVITE, [request.inviteId]);
  keep('', MAX_PENDING, []);
}

/**
 * Takes in a join request that came by itself, or tells what became of one that came before: it waits, or it was added, and
 * there is a welcome.
 *
 * @throws MeshDisabledError, InvalidInputError, NotAMemberError, NotAuthorizedError, CodecError
 * @throws AuthenticationError if its signature or one of its proofs is wrong
 * @throws MeshError `wrong-group`, `unknown-invite`, `invite-used`, `invite-expired`, `already-member`, `invalid-request`,
 *   `join-declined`, `no-group`
 */
export function admit(db: MeshDatabase, request: Uint8Array): Admission {
  requireEnabled(db);
  requireBytes('request', request);
  const opened = openJoinRequest(request);
  const mid = findAdded(db, requireGroup(db), opened);
  if (mid !== null) return added(db, opened, mid);
  const group = requireAdmin(db);
  answeredInvite(db, group, opened);
  if (declined.get(db)?.has(byteKey(opened.id))) throw new MeshError('join-declined', 'the join request was declined');
  const open = db.sql.get('SELECT role FROM mesh_open_invite WHERE invite_id = ?', [opened.inviteId]);
  if (open !== undefined) {
    const { eventId } = addMember(db, request, { role: open.role as Role });
    return added(db, opened, eventId);
  }
  const known = db.sql.get('SELECT 1 FROM mesh_pending_join WHERE request_id = ?', [opened.id]) !== undefined;
  if (!known) db.transaction(() => park(db, opened));
  return { state: 'pending' };
}

/**
 * Lets whoever answers an invite of this peer be added at once.
 *
 * @param inviteId 16 bytes, as `createInvite` gave them
 * @throws MeshDisabledError, InvalidInputError, NotAMemberError, NotAuthorizedError
 * @throws MeshError `no-group`
 */
export function openInviteToAll(db: MeshDatabase, inviteId: Uint8Array, role: Role = 'member'): void {
  requireEnabled(db);
  requireBytes('inviteId', inviteId, 16);
  requireRole(role);
  requireAdmin(db);
  db.sql.run('INSERT INTO mesh_open_invite (invite_id, role) VALUES (?, ?)', [inviteId, role]);
}

/** The join requests that wait for this peer's approval, the oldest first. */
export function pendingJoins(db: MeshDatabase): PendingJoin[] {
  const rows = db.sql.all(
    `SELECT request, received_at FROM mesh_pending_join JOIN mesh_invite USING (invite_id)
     WHERE used_by IS NULL ORDER BY arrival`,
  );
  return rows.map((row) => {
    const { id, inviteId, memberId } = openJoinRequest(row.request as Uint8Array);
    return { requestId: id, inviteId, memberId, fingerprint: fingerprint(id), receivedAt: row.received_at as number };
  });
}

/** The request that waits with this fingerprint. */
function requirePending(db: MeshDatabase, code: string): { requestId: Uint8Array; request: Uint8Array } {
  if (typeof code !== 'string') throw new InvalidInputError('code must be the fingerprint of a join request');
  const wanted = code.toUpperCase();
  for (const row of db.sql.all('SELECT request_id, request FROM mesh_pending_join')) {
    const requestId = row.request_id as Uint8Array;
    if (fingerprint(requestId) === wanted) return { requestId, request: row.request as Uint8Array };
  }
  throw new MeshError('unknown-request', 'no join request with this fingerprint waits here');
}

/**
 * Adds the author of a request that waits. Its next question is answered with the welcome.
 *
 * @param code the request's fingerprint
 * @throws as `addMember`; InvalidInputError if the code is no text; MeshError `unknown-request`
 */
export function approveJoin(
  db: MeshDatabase,
  code: string,
  options: { readonly role?: Role } = {},
): Omit<AddedMember, 'welcome'> {
  const { requestId, request } = requirePending(db, code);
  return db.transaction(() => {
    const { welcome: _, ...made } = addMember(db, request, options);
    db.sql.run('DELETE FROM mesh_pending_join WHERE request_id = ?', [requestId]);
    return made;
  });
}

/**
 * Drops a request that waits, and refuses it as long as this program has the database open. Others can still answer the
 * invite.
 *
 * @param code the request's fingerprint
 * @throws InvalidInputError if it is no text
 * @throws MeshError `unknown-request`
 */
export function declineJoin(db: MeshDatabase, code: string): { readonly memberId: string } {
  const { requestId, request } = requirePending(db, code);
  const { memberId } = openJoinRequest(request);
  db.sql.run('DELETE FROM mesh_pending_join WHERE request_id = ?', [requestId]);
  const ids = declined.get(db) ?? new Set<string>();
  declined.set(db, ids.add(byteKey(requestId)));
  return { memberId };
}
