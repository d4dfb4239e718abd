/**
 * Events that came before the one they need: the add of their signer, without whose key they cannot be verified, or
 * their parent. They wait, in bounded number.
 *
 * @module
 */
import type { MeshDatabase } from '../store/database.js';
import { MAX_ORPHAN_BYTES, MAX_ORPHANS, MAX_ORPHANS_OF_ACTOR } from './limits.js';

/** An event that waits. */
export interface Orphan {
  /**
   * 32 bytes: the event's id if its signature is good. Before that can be told, a hash of the bundle: the id does not cover
   * the signature, so a forged copy has the same one, and must not take the place of the true one.
   */
  readonly orphanId: Uint8Array;
  /** The event that it waits for. */
  readonly waitingFor: Uint8Array;
  /** Whose event it says it is; verified only if it waits for its parent. */
  readonly actor: Uint8Array;
  readonly bundle: Uint8Array;
}

/** Lets an event wait. One that waits already takes the longer of two bundles, which has the envelope. */
export function parkOrphan(db: MeshDatabase, { orphanId, waitingFor, actor, bundle }: Orphan): void {
  db.sql.run(
    `INSERT INTO mesh_orphan (orphan_id, waiting_for, actor, size, bundle) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (orphan_id) DO UPDATE SET waiting_for = excluded.waiting_for, size = excluded.size, bundle = excluded.bundle
     WHERE excluded.size > size`,
    [orphanId, waitingFor, actor, bundle.length, bundle],
  );
}

/** Drops the oldest ones, of an actor or of all, while they are too many or too large. */
function dropOldest(db: MeshDatabase, actor: Uint8Array | null, maxCount: number): void {
  const condition = actor === null ? '' : 'WHERE actor = ?';
  const params = actor === null ? [] : [actor];
  const held = db.sql.get(`SELECT count(*) AS count, total(size) AS bytes FROM mesh_orphan ${condition}`, params);
  let count = held?.count as number;
  let bytes = held?.bytes as number;
  while (count > maxCount || bytes > MAX_ORPHAN_BYTES) {
    const oldest = db.sql.get(`SELECT arrival, size FROM mesh_orphan ${condition} ORDER BY arrival LIMIT 1`, params);
    db.sql.run('DELETE FROM mesh_orphan WHERE arrival = ?', [oldest?.arrival as number]);
    count -= 1;
    bytes -= oldest?.size as number;
  }
}

/** Brings the waiting events back within their bounds, the oldest dropped first: those of each actor, then all. */
export function boundOrphans(db: MeshDatabase): void {
  const excessive = db.sql.all(
    `SELECT actor FROM mesh_orphan GROUP BY actor HAVING count(*) > ${MAX_ORPHANS_OF_ACTOR}`,
  );
  for (const { actor } of excessive) dropOldest(db, actor as Uint8Array, MAX_ORPHANS_OF_ACTOR);
  dropOldest(db, null, MAX_ORPHANS);
}

/** Whether any event waits. */
export function hasOrphans(db: MeshDatabase): boolean {
  return db.sql.get('SELECT max(arrival) AS last FROM mesh_orphan')?.last !== null;
}

/** Takes out the events that waited for this one, in order of arrival. */
export function adoptOrphans(db: MeshDatabase, eventId: Uint8Array): Pick<Orphan, 'orphanId' | 'bundle'>[] {
  // Sorted here: hardly ever does anything wait, and a query with an order is planned anew at each call, at ten times the price.
  const rows = db.sql
    .all('SELECT arrival, orphan_id, bundle FROM mesh_orphan WHERE waiting_for = ?', [eventId])
    .sort((a, b) => (a.arrival as number) - (b.arrival as number));
  if (rows.length > 0) db.sql.run('DELETE FROM mesh_orphan WHERE waiting_for = ?', [eventId]);
  return rows.map((row) => ({ orphanId: row.orphan_id as Uint8Array, bundle: row.bundle as Uint8Array }));
}

/** How many events wait. */
export function countOrphans(db: MeshDatabase): number {
  return db.sql.get('SELECT count(*) AS count FROM mesh_orphan')?.count as number;
}
