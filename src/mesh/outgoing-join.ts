/**
 * A join request that is handed in by this peer itself, again and again until it is answered, also by another process
 * than the one that made it: the request is kept, so that an approval of it is never lost.
 *
 * @module
 */
import { arrayOf, bytesOf, decodeShape, encodeShape, items, textOf } from '../codec/shape.js';
import type { MeshDatabase } from '../store/database.js';
import { type Invite, openInvite } from './invite.js';
import { fingerprint, openJoinRequest } from './join-request.js';
import { type RequestJoinOptions, requestJoin } from './joining.js';

const ADDRESSES = items({
  urls: arrayOf(textOf({ min: 1, max: 1_024 }), { max: 8 }),
  certPins: arrayOf(bytesOf(32), { max: 8 }),
});
const MAX_ADDRESSES_BYTES = 65_536;

/** A request on its way, and to whom. */
export interface OutgoingJoin {
  /** The join request's frame. */
  readonly request: Uint8Array;
  readonly memberId: string;
  /** The short code that the admin sees as well. */
  readonly fingerprint: string;
  readonly groupId: Uint8Array;
  /** 32 bytes: the inviting admin's `mid`, and its signing key. */
  readonly inviter: Uint8Array;
  readonly inviterSignPub: Uint8Array;
  readonly urls: readonly string[];
  readonly certPins: readonly Uint8Array[];
}

function outgoing(db: MeshDatabase, inviteId: Uint8Array | null): OutgoingJoin | null {
  const row = db.sql.get(
    `SELECT request, addresses, group_id, inviter, inviter_sign_pub
     FROM mesh_outgoing_join JOIN mesh_join_request USING (request_id) WHERE ?1 IS NULL OR invite_id = ?1`,
    [inviteId],
  );
  if (row === undefined) return null;
  const request = row.request as Uint8Array;
  const { id, memberId } = openJoinRequest(request);
  const addresses = decodeShape(ADDRESSES, row.addresses as Uint8Array, {
    maxBytes: MAX_ADDRESSES_BYTES,
    what: 'stored addresses',
  });
  return {
    request,
    memberId,
    fingerprint: fingerprint(id),
    groupId: row.group_id as Uint8Array,
    inviter: row.inviter as Uint8Array,
    inviterSignPub: row.inviter_sign_pub as Uint8Array,
    ...addresses,
  };
}

function keep(db: MeshDatabase, request: Uint8Array, { inviteId, urls, certPins }: Invite): void {
  db.sql.run('INSERT INTO mesh_outgoing_join (request_id, invite_id, request, addresses) VALUES (?, ?, ?, ?)', [
    openJoinRequest(request).id,
    inviteId,
    request,
    encodeShape(ADDRESSES, { urls, certPins }, 'addresses'),
  ]);
}

/**
 * Makes the request that answers an invite, or gives the one that was made for the same invite before.
 *
 * @throws as `requestJoin`
 */
export function startJoin(
  db: MeshDatabase,
  invite: string | Uint8Array,
  options: RequestJoinOptions = {},
): OutgoingJoin {
  const opened = openInvite(invite);
  const before = outgoing(db, opened.inviteId);
  if (before !== null) return before;
  return db.transaction(() => {
    keep(db, requestJoin(db, invite, options).request, opened);
    return outgoing(db, opened.inviteId) as OutgoingJoin;
  });
}

/** The request that waits for its answer, if there is one. */
export function waitingJoin(db: MeshDatabase): OutgoingJoin | null {
  return outgoing(db, null);
}

/**
 * Where an invite says that its group can be reached.
 *
 * @throws CodecError, AuthenticationError
 */
export function inviteUrls(invite: string | Uint8Array): readonly string[] {
  return openInvite(invite).urls;
}
