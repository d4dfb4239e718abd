/**
 * Gossip in the database: the messages, their positions in the streams of their senders, and proofs of conflicts.
 *
 * @module
 */
import type { Frame } from '../codec/frame.js';
import type { MeshDatabase } from '../store/database.js';
import { type CutEntry, compareCutEntries } from './event.js';
import type { GossipHeader } from './gossip-message.js';
import { MAX_CONFLICTS_OF_SENDER, MAX_CUT_STREAMS } from './limits.js';

/** A message at a position of a stream. */
interface StoredPosition {
  readonly msgId: Uint8Array;
  readonly prevMsgId: Uint8Array | null;
}

/** What is stored at a position of a stream and beside it. */
export interface StoredNeighbours {
  readonly before: StoredPosition | null;
  readonly at: StoredPosition | null;
  readonly after: StoredPosition | null;
}

/** Whether a message is stored. */
export function hasMessage(db: MeshDatabase, msgId: Uint8Array): boolean {
  return db.sql.get('SELECT 1 FROM mesh_gossip WHERE msg_id = ?', [msgId]) !== undefined;
}

/** Where the stored part of a stream begins: below this position it was pruned; 0 if it was not. */
export function streamFloor(db: MeshDatabase, mid: Uint8Array, streamId: Uint8Array): number {
  const row = db.sql.get('SELECT seq FROM mesh_gossip_floor WHERE mid = ? AND stream_id = ?', [mid, streamId]);
  return (row?.seq ?? 0) as number;
}

/** The messages that stand at a position of a stream, before it and after it, as far as they are stored. */
export function findNeighbours(db: MeshDatabase, mid: Uint8Array, streamId: Uint8Array, seq: number): StoredNeighbours {
  const rows = db.sql.all(
    'SELECT seq, msg_id, prev_msg_id FROM mesh_gossip WHERE mid = ? AND stream_id = ? AND seq BETWEEN ? AND ?',
    [mid, streamId, seq - 1, seq + 1],
  );
  const at = (position: number) => {
    const row = rows.find((candidate) => candidate.seq === position);
    return row ? { msgId: row.msg_id as Uint8Array, prevMsgId: row.prev_msg_id as Uint8Array | null } : null;
  };
  return { before: at(seq - 1), at: at(seq), after: at(seq + 1) };
}

/** The last stored message of a stream. */
export function lastOfStream(
  db: MeshDatabase,
  mid: Uint8Array,
  streamId: Uint8Array,
): { readonly seq: number; readonly msgId: Uint8Array } | null {
  const row = db.sql.get(
    'SELECT seq, msg_id FROM mesh_gossip WHERE mid = ? AND stream_id = ? ORDER BY seq DESC LIMIT 1',
    [mid, streamId],
  );
  return row ? { seq: row.seq as number, msgId: row.msg_id as Uint8Array } : null;
}

/** Stores a message. */
export function insertMessage(db: MeshDatabase, frame: Frame, header: GossipHeader): void {
  db.sql.run(
    `INSERT INTO mesh_gossip (msg_id, mid, stream_id, seq, prev_msg_id, event_id, frame) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [frame.id, frame.signer, header.streamId, header.seq, header.prevMsgId, header.eventId, frame.bytes],
  );
}

/**
 * The `cut` of a kick: the last message accepted from each stream of the target, in the 1,000 streams last heard of.
 */
export function cutOf(db: MeshDatabase, mid: Uint8Array): CutEntry[] {
  return db.sql
    .all(
      // SQLite takes the other columns from the row that has the maximum.
      `SELECT stream_id, max(seq) AS seq, msg_id, arrival FROM mesh_gossip WHERE mid = ?
       GROUP BY stream_id ORDER BY arrival DESC LIMIT ${MAX_CUT_STREAMS}`,
      [mid],
    )
    .map(({ stream_id, seq, msg_id }) => ({
      streamId: stream_id as Uint8Array,
      seq: seq as number,
      msgId: msg_id as Uint8Array,
    }))
    .sort(compareCutEntries);
}

/** Keeps a second message at a taken position as proof, next to the first one; at most 100 of a sender. */
export function keepConflict(db: MeshDatabase, first: Uint8Array, second: Frame): void {
  db.sql.run(
    `INSERT INTO mesh_conflict (second_id, mid, first_frame, second_frame)
     SELECT ?1, ?2, frame, ?3 FROM mesh_gossip WHERE msg_id = ?4
       AND (SELECT count(*) FROM mesh_conflict WHERE mid = ?2) < ${MAX_CONFLICTS_OF_SENDER}
     ON CONFLICT DO NOTHING`,
    [second.id, second.signer, second.bytes, first],
  );
}

/** How many messages are stored. */
export function countMessages(db: MeshDatabase): number {
  return db.sql.get('SELECT count(*) AS count FROM mesh_gossip')?.count as number;
}
