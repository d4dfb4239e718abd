/**
 * Telling the group where this peer can be reached, and saying it again before it expires.
 *
 * @module
 */
import { equalBytes } from '../bytes.js';
import { announceEndpoint, ownEndpoint, requirePeerUrl } from '../mesh/endpoint.js';
import { requireMembership } from '../mesh/group.js';
import { sealGossip } from '../mesh/seal-gossip.js';
import type { MeshDatabase } from '../store/database.js';

/** How long an endpoint record is good, in seconds: 30 days. It is renewed when half of that is over. */
const ENDPOINT_SECONDS = 30 * 24 * 60 * 60;

const samePin = (a: Uint8Array | null, b: Uint8Array | null) => (a === null || b === null ? a === b : equalBytes(a, b));

/**
 * Signs an endpoint record and seals it as gossip, unless the group has been told the same within 15 days.
 *
 * @returns whether it was said anew
 * @throws MeshDisabledError, NotAMemberError, InvalidInputError; and as `sealGossip`
 */
export function publishEndpoint(
  db: MeshDatabase,
  { url, certPin = null }: { readonly url: string; readonly certPin?: Uint8Array | null },
): boolean {
  requireMembership(db);
  const known = ownEndpoint(db);
  const isSaid = known !== null && known.url === requirePeerUrl(url) && samePin(known.certPin, certPin);
  if (isSaid && known.expires - db.now() > ENDPOINT_SECONDS / 2) return false;
  db.transaction(() => sealGossip(db, announceEndpoint(db, { url, certPin, expiresIn: ENDPOINT_SECONDS }).frame));
  return true;
}
