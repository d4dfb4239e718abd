/**
 * A digest of what is known of the members' endpoints, by which two peers find out whether they know the same.
 *
 * @module
 */
import { encodeCbor } from '../codec/cbor.js';
import { labelHash } from '../codec/labels.js';
import type { MeshDatabase } from '../store/database.js';
import { byteKey } from './byte-key.js';
import { type Group, requireGroup } from './group.js';

/** A digest, and the state of the table, the clock and the roster that it holds for. */
interface KeptDigest {
  readonly state: string;
  readonly digest: Uint8Array;
}

const keptDigests = new WeakMap<MeshDatabase, KeptDigest>();

/**
 * What differs whenever the digest may. A record is never deleted, and gives way to one with a higher number only, so that
 * their count and the sum of the numbers tell two tables apart, but for what was undone; the sum in two halves, since
 * numbers go up to 2^53. Which records have expired follows from how many have.
 */
function stateOf(db: MeshDatabase, { head }: Group): string {
  const row = db.sql.get(
    `SELECT count(*) AS count, sum(seq >> 32) AS high, sum(seq & 0xffffffff) AS low, sum(expires > ?) AS present
     FROM mesh_endpoint`,
    [db.now()],
  );
  return [byteKey(head.id), db.rollbacks, row?.count, row?.high, row?.low, row?.present].join();
}

function digestOf(db: MeshDatabase, { roster }: Group): Uint8Array {
  const members = new Set(roster.members.map(({ mid }) => byteKey(mid)));
  const listed = db.sql
    .all('SELECT mid, seq FROM mesh_endpoint WHERE expires > ? ORDER BY mid', [db.now()])
    .filter(({ mid }) => members.has(byteKey(mid as Uint8Array)))
    .map(({ mid, seq }) => [mid as Uint8Array, seq as number]);
  return labelHash('arborist-mesh/1 endpoints', encodeCbor(listed));
}

/**
 * The digest of the endpoint records of the present members that have not expired: 32 bytes. It is kept as long as nothing
 * changes: made anew for each of a thousand members' synchronizations, it would be nine tenths of a server's work.
 */
export function endpointsDigest(db: MeshDatabase): Uint8Array {
  const group = requireGroup(db);
  const state = stateOf(db, group);
  let kept = keptDigests.get(db);
  if (kept?.state !== state) {
    kept = { state, digest: digestOf(db, group) };
    keptDigests.set(db, kept);
  }
  return kept.digest;
}
