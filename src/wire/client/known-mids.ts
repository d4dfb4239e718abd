/**
 * Who answers at a URL, as far as is known: from the members' records, or from having asked before. Asking anew each time
 * would use up what strangers may ask of a server.
 *
 * @module
 */
import { endpoints } from '../../mesh/endpoint.js';
import { requireMembership } from '../../mesh/group.js';
import type { MeshDatabase } from '../../store/database.js';

/** Most URLs remembered; the oldest are forgotten first. */
const MAX_REMEMBERED = 1_000;

const remembered = new WeakMap<MeshDatabase, Map<string, Uint8Array>>();

function midsOf(db: MeshDatabase): Map<string, Uint8Array> {
  const mids = remembered.get(db) ?? new Map<string, Uint8Array>();
  remembered.set(db, mids);
  return mids;
}

/**
 * The `mid` of the member that answers at a URL; undefined if it must be asked. Whoever was kicked and came back has another
 * one, so that only a present member's counts.
 *
 * @throws NotAMemberError; MeshError `no-group`
 */
export function knownMid(db: MeshDatabase, url: string): Uint8Array | undefined {
  const { roster } = requireMembership(db);
  const mid = midsOf(db).get(url);
  if (mid !== undefined && roster.byMid(mid) !== null) return mid;
  return endpoints(db).find((endpoint) => endpoint.url === url)?.mid;
}

/** Notes who answered at a URL. */
export function rememberMid(db: MeshDatabase, url: string, mid: Uint8Array): void {
  const mids = midsOf(db);
  mids.set(url, mid);
  for (const oldest of mids.keys()) {
    if (mids.size <= MAX_REMEMBERED) break;
    mids.delete(oldest);
  }
}

/** Forgets who answered at a URL, after somebody else did. */
export function forgetMid(db: MeshDatabase, url: string): void {
  midsOf(db).delete(url);
}
