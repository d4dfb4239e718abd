/**
 * Peers that the user named: where to begin before any endpoint record has come.
 *
 * @module
 */
import { requireBytes } from '../bytes.js';
import { InvalidInputError } from '../errors.js';
import type { MeshDatabase } from '../store/database.js';
import { requirePeerUrl } from './endpoint.js';

/** Most peers that can be named. */
const MAX_PEERS = 1_000;

/** A peer that the user named. */
export interface NamedPeer {
  readonly url: string;
  /** 32 bytes: the SHA-256 of the certificate to expect; null for plain HTTP, or one that a public authority signed. */
  readonly certPin: Uint8Array | null;
}

/**
 * Names a peer, in place of what was known of the same URL.
 *
 * @throws InvalidInputError if the peer, its URL or its pin is not as it must be, or 1,000 peers are named already
 */
export function addPeer(
  db: MeshDatabase,
  peer: { readonly url: string; readonly certPin?: Uint8Array | null },
): NamedPeer {
  if (typeof peer !== 'object' || peer === null) throw new InvalidInputError('peer must be an object with a url');
  const url = requirePeerUrl(peer.url);
  const certPin = peer.certPin ?? null;
  if (certPin !== null) requireBytes('certPin', certPin, 32);
  const count = db.sql.get('SELECT count(*) AS count FROM mesh_peer')?.count as number;
  if (count >= MAX_PEERS) throw new InvalidInputError(`peers must be at most ${MAX_PEERS}: remove some first`);
  db.sql.run(
    `INSERT INTO mesh_peer (url, cert_sha256, added_at) VALUES (?, ?, ?)
     ON CONFLICT (url) DO UPDATE SET cert_sha256 = excluded.cert_sha256, added_at = excluded.added_at`,
    [url, certPin, db.now()],
  );
  return { url, certPin };
}

/** Forgets a peer that the user named, and says whether there was one. */
export function removePeer(db: MeshDatabase, url: string): boolean {
  const form = requirePeerUrl(url);
  const known = db.sql.get('SELECT 1 FROM mesh_peer WHERE url = ?', [form]) !== undefined;
  if (known) db.sql.run('DELETE FROM mesh_peer WHERE url = ?', [form]);
  return known;
}

/** The peers that the user named, by URL. */
export function namedPeers(db: MeshDatabase): NamedPeer[] {
  return db.sql
    .all('SELECT url, cert_sha256 FROM mesh_peer ORDER BY url')
    .map((row) => ({ url: row.url as string, certPin: row.cert_sha256 as Uint8Array | null }));
}
