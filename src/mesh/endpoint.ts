/**
 * Endpoint records: a member's signed word where it can be reached, and which certificate to expect there. They travel as
 * gossip; the newest one of each member counts until it expires.
 *
 * @module
 */
import { equalBytes } from '../bytes.js';
import { type Frame, parseFrame, signFrame, verifyFrame } from '../codec/frame.js';
import { bytesOf, decodeShape, encodeShape, items, nullable, textLike, uint } from '../codec/shape.js';
import { AuthenticationError, CodecError, InvalidInputError, MeshError, NotAMemberError } from '../errors.js';
import type { MeshDatabase } from '../store/database.js';
import { byteKey } from './byte-key.js';
import { requireEnabled } from './enabled.js';
import { requireGroup, requireMembership } from './group.js';
import { loadSigningKey } from './identity.js';
import { findInstance } from './roster-store.js';

const ENDPOINT = 'endpoint';

/** Longest frame of an endpoint record, in bytes. */
export const MAX_ENDPOINT_BYTES = 2_048;

const MAX_EXPIRES_IN = 366 * 24 * 60 * 60;

/** Scheme, host and port, perhaps a path; no user, query or fragment. */
const PEER_URL = /^https?:\/\/[\x21-\x22\x24-\x3e\x41-\x7e]{1,1000}$/;

const PAYLOAD = items({
  groupId: bytesOf(32),
  url: textLike(PEER_URL, 'an http or https URL of at most 1,000 ASCII characters'),
  certSha256: nullable(bytesOf(32)),
  seq: uint(),
  expires: uint(),
});

/** Where a member can be reached. */
export interface Endpoint {
  /** 32 bytes: the member instance id. */
  readonly mid: Uint8Array;
  /** The member's name. */
  readonly memberId: string;
  readonly url: string;
  /** 32 bytes: the SHA-256 of the certificate to expect; null for plain HTTP, or one that a public authority signed. */
  readonly certPin: Uint8Array | null;
  /** Grows with each record of the member. */
  readonly seq: number;
  /** Seconds since the Unix epoch. */
  readonly expires: number;
  /** The signed record. */
  readonly frame: Uint8Array;
}

/**
 * The one form of a peer's URL: normalized as URLs are, without a slash at its end.
 *
 * @throws InvalidInputError unless it is an http or https URL without user, query and fragment
 */
export function requirePeerUrl(url: unknown): string {
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : null;
  const form = parsed === null ? '' : `${parsed.origin}${parsed.pathname}`.replace(/\/+$/, '');
  const isPlain = parsed !== null && parsed.username === '' && parsed.password === '' && parsed.search === '';
  if (!isPlain || parsed.hash !== '' || !PEER_URL.test(form)) {
    throw new InvalidInputError('url must be an http or https URL without user, query and fragment');
  }
  return form;
}

/** Settings of {@link announceEndpoint}. */
export interface EndpointOptions {
  readonly url: string;
  /** 32 bytes; null where none is to be pinned. */
  readonly certPin: Uint8Array | null;
  /** Seconds until the record expires. */
  readonly expiresIn: number;
}

/**
 * Signs and stores this peer's endpoint record. To spread it, seal it as gossip.
 *
 * @throws MeshDisabledError, NotAMemberError, InvalidInputError
 * @throws MeshError `no-group`
 */
export function announceEndpoint(db: MeshDatabase, { url, certPin, expiresIn }: EndpointOptions): Endpoint {
  requireEnabled(db);
  if (!Number.isSafeInteger(expiresIn) || expiresIn < 1 || expiresIn > MAX_EXPIRES_IN) {
    throw new InvalidInputError(`expiresIn must be a whole number of seconds from 1 to ${MAX_EXPIRES_IN}`);
  }
  return db.transaction(() => {
    const { id: groupId, self } = requireMembership(db);
    const seq =
      (db.sql.get('SELECT seq FROM mesh_endpoint WHERE mid = ?', [self.mid])?.seq as number | undefined) ?? -1;
    // The clock keeps the numbers growing where the database was restored from a backup.
    const payload = {
      groupId,
      url: requirePeerUrl(url),
      certSha256: certPin,
      seq: Math.max(seq + 1, db.now()),
      expires: db.now() + expiresIn,
    };
    const frame = signFrame(ENDPOINT, self.mid, loadSigningKey(db), encodeShape(PAYLOAD, payload, 'endpoint payload'));
    const { url: form, seq: number, expires } = payload;
    const endpoint = { mid: self.mid, memberId: self.memberId, url: form, certPin, seq: number, expires };
    const record = { ...endpoint, frame: frame.bytes };
    storeEndpoint(db, record);
    return record;
  });
}

function storeEndpoint(db: MeshDatabase, { mid, seq, url, certPin, expires, frame }: Endpoint): void {
  db.sql.run(
    `INSERT INTO mesh_endpoint (mid, seq, url, cert_sha256, expires, frame) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (mid) DO UPDATE SET seq = excluded.seq, url = excluded.url, cert_sha256 = excluded.cert_sha256,
       expires = excluded.expires, frame = excluded.frame WHERE excluded.seq > seq`,
    [mid, seq, url, certPin, expires, frame],
  );
}

/** Whether bytes are a frame of an endpoint record, by their first bytes: CBOR `[1, "endpoint", …`. */
export function isEndpointFrame(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, 11)) === `\x85\x01\x68${ENDPOINT}`;
}

/** Who spoke a record, before its signature is verified. */
function speakerOf(db: MeshDatabase, frame: Frame) {
  if (frame.type !== ENDPOINT) throw new CodecError(`endpoint must be a frame of type ${ENDPOINT}`);
  const speaker = findInstance(db, frame.signer);
  if (speaker === null) throw new NotAMemberError('the member of the endpoint record is not known here');
  return speaker;
}

/**
 * Verifies an endpoint record.
 *
 * @throws CodecError, AuthenticationError
 * @throws NotAMemberError if its signer is not known here
 * @throws MeshError `no-group`, `wrong-group`
 */
function openEndpoint(db: MeshDatabase, bytes: Uint8Array): Endpoint {
  const frame = parseFrame(bytes, { maxBytes: MAX_ENDPOINT_BYTES });
  const { memberId, signPub, mid } = speakerOf(db, frame);
  if (!verifyFrame(frame, signPub))
    throw new AuthenticationError('the signature of the endpoint record does not verify');
  const payload = decodeShape(PAYLOAD, frame.payload, { maxBytes: MAX_ENDPOINT_BYTES, what: 'endpoint payload' });
  if (!equalBytes(payload.groupId, requireGroup(db).id)) {
    throw new MeshError('wrong-group', 'the endpoint record is of another group');
  }
  const { url, certSha256: certPin, seq, expires } = payload;
  if (requirePeerUrl(url) !== url) throw new CodecError('the URL of the endpoint record is not in its one form');
  return { mid, memberId, url, certPin, seq, expires, frame: bytes };
}

/**
 * Takes in a member's endpoint record; an older one than is known changes nothing.
 *
 * @returns whether it is news
 * @throws as {@link openEndpoint}
 */
export function takeEndpoint(db: MeshDatabase, bytes: Uint8Array): { readonly fresh: boolean } {
  const endpoint = openEndpoint(db, bytes);
  const known = db.sql.get('SELECT seq FROM mesh_endpoint WHERE mid = ?', [endpoint.mid]);
  const fresh = known === undefined || (known.seq as number) < endpoint.seq;
  if (fresh) storeEndpoint(db, endpoint);
  return { fresh };
}

const SELECTED =
  'SELECT mid, member_id, url, cert_sha256, seq, expires, frame FROM mesh_endpoint JOIN mesh_roster USING (mid)';

function endpointFrom(row: NonNullable<ReturnType<MeshDatabase['sql']['get']>>): Endpoint {
  return {
    mid: row.mid as Uint8Array,
    memberId: row.member_id as string,
    url: row.url as string,
    certPin: row.cert_sha256 as Uint8Array | null,
    seq: row.seq as number,
    expires: row.expires as number,
    frame: row.frame as Uint8Array,
  };
}

/** Where the present members can be reached, as far as they said so and it has not expired; by name. */
export function endpoints(db: MeshDatabase): Endpoint[] {
  const members = new Set(requireGroup(db).roster.members.map(({ mid }) => byteKey(mid)));
  return db.sql
    .all(`${SELECTED} WHERE expires > ? ORDER BY member_id`, [db.now()])
    .filter(({ mid }) => members.has(byteKey(mid as Uint8Array)))
    .map(endpointFrom);
}

/** Where this peer said that it can be reached; null where it said nothing, or that has expired, or it is no member. */
export function ownEndpoint(db: MeshDatabase): Endpoint | null {
  const { self } = requireGroup(db);
  const row = self === null ? undefined : db.sql.get(`${SELECTED} WHERE mid = ? AND expires > ?`, [self.mid, db.now()]);
  return row === undefined ? null : endpointFrom(row);
}
