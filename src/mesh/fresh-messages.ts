/**
 * Messages by the order in which they arrived: what is new since a certain point.
 *
 * @module
 */
import type { MeshDatabase } from '../store/database.js';
import { MAX_FRAME_BYTES } from './limits.js';

/** The number of arrival of the last message; 0 where there is none. */
export function lastArrival(db: MeshDatabase): number {
  return (db.sql.get('SELECT max(arrival) AS arrival FROM mesh_gossip')?.arrival ?? 0) as number;
}

/** Ids of messages that arrived after a point, the oldest first, and the point after them. */
export interface FreshMessages {
  /** 32 bytes each. */
  readonly ids: Uint8Array[];
  readonly arrival: number;
}

/** The messages that arrived after a point, as far as they can travel. */
export function freshMessages(db: MeshDatabase, after: number, max: number): FreshMessages {
  const rows = db.sql.all(
    `SELECT arrival, msg_id FROM mesh_gossip WHERE arrival > ? AND length(frame) <= ${MAX_FRAME_BYTES}
     ORDER BY arrival LIMIT ?`,
    [after, max],
  );
  const arrival = rows.at(-1)?.arrival ?? after;
  return { ids: rows.map(({ msg_id }) => msg_id as Uint8Array), arrival: arrival as number };
}

/** Messages by their ids, as far as they are here, can travel, and take no more than so many bytes. */
export function messagesById(db: MeshDatabase, ids: readonly Uint8Array[], maxBytes: number): Uint8Array[] {
  const messages: Uint8Array[] = [];
  let left = maxBytes;
  for (const id of ids) {
    const row = db.sql.get(`SELECT frame FROM mesh_gossip WHERE msg_id = ? AND length(frame) <= ${MAX_FRAME_BYTES}`, [
      id,
    ]);
    const frame = row?.frame as Uint8Array | undefined;
    if (frame === undefined) continue;
    if (frame.length > left) break;
    messages.push(frame);
    left -= frame.length;
  }
  return messages;
}
