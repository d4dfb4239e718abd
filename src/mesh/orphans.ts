/**
 * Events that came before the one they need: the add of their signer, without whose key they cannot be verified, or
 * their parent. They wait, in bounded number.
 *
 * @module
 */
import type { MeshDatabase } from '../store/database.js';
import { MAX_ORPHANS, MAX_ORPHANS_OF_ACTOR } from './limits.js';

/** An event that waits. */
export interface Orphan {
  readonly eventId: Uint8Array;
  /** The event that it waits for. */
  readonly waitingFor: Uint8Array;
  /** Whose event it says it is; verified only if it waits for its parent. */
  readonly actor: Uint8Array;
  readonly bundle: Uint8Array;
}

function dropOldest(db: MeshDatabase, condition: string, params: Uint8Array[], keep: number): void {
  db.sql.run(
    `DELETE FROM mesh_orphan WHERE arrival IN (
       SELECT arrival FROM mesh_orphan ${condition} ORDER BY arrival DESC LIMIT -1 OFFSET ${keep})`,
    params,
  );
}

/** Lets an event wait. One that waits already takes the newer bundle, which may bring the envelope. */
export function parkOrphan(db: MeshDatabase, { eventId, waitingFor, actor, bundle }: Orphan): void {
  db.sql.run(
    `INSERT INTO mesh_orphan (event_id, waiting_for, actor, bundle) VALUES (?, ?, ?, ?)
     ON CONFLICT (event_id) DO UPDATE SET waiting_for = excluded.waiting_for, bundle = excluded.bundle
     WHERE length(excluded.bundle) > length(bundle)`,
    [eventId, waitingFor, actor, bundle],
  );
  dropOldest(db, 'WHERE actor = ?', [actor], MAX_ORPHANS_OF_ACTOR);
  dropOldest(db, '', [], MAX_ORPHANS);
}

/** Takes out the events that waited for this one, in order of arrival. */
export function adoptOrphans(db: MeshDatabase, eventId: Uint8Array): Uint8Array[] {
  const rows = db.sql.all('SELECT bundle FROM mesh_orphan WHERE waiting_for = ? ORDER BY arrival', [eventId]);
  if (rows.length > 0) db.sql.run('DELETE FROM mesh_orphan WHERE waiting_for = ?', [eventId]);
  return rows.map(({ bundle }) => bundle as Uint8Array);
}

/** How many events wait. */
export function countOrphans(db: MeshDatabase): number {
  return db.sql.get('SELECT count(*) AS count FROM mesh_orphan')?.count as number;
}
