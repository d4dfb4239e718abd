/**
 * The history as people read it: every event of the tree, with names.
 *
 * @module
 */

import { parseFrame } from '../codec/frame.js';
import type { MeshDatabase } from '../store/database.js';
import { decodeEvent, decodeGenesis, GENESIS } from './event.js';
import type { EventNode } from './event-store.js';
import { MAX_FRAME_BYTES } from './limits.js';

/** An event, with names. */
export interface HistoryEvent {
  /** 32 bytes. */
  readonly eventId: Uint8Array;
  /** 32 bytes; null for genesis. */
  readonly parent: Uint8Array | null;
  readonly epoch: number;
  readonly kind: EventNode['kind'];
  /** The name of the admin who made it. */
  readonly actor: string;
  /** The name of the member that it adds or kicks (for genesis the founder); null for a rotate. */
  readonly subject: string | null;
  /** Seconds since the Unix epoch by the actor's clock; for display only. */
  readonly createdAt: number;
  /** Whether it lies on the path from genesis to the head; if not, on a losing branch. */
  readonly onHeadPath: boolean;
  /** Whether this peer holds the secret of the epoch that it began. */
  readonly hasSecret: boolean;
}

interface Row {
  readonly event_id: Uint8Array;
  readonly parent: Uint8Array | null;
  readonly epoch: number;
  readonly kind: EventNode['kind'];
  readonly actor_name: string;
  readonly subject_name: string | null;
  readonly on_head_path: number;
  readonly has_secret: number;
  readonly frame: Uint8Array;
}

function createdAt(bytes: Uint8Array): number {
  const frame = parseFrame(bytes, { maxBytes: MAX_FRAME_BYTES });
  return (frame.type === GENESIS ? decodeGenesis(frame) : decodeEvent(frame).event).createdAt;
}

/** All known events, parents first, losing branches included; none before founding or a welcome. */
export function history(db: MeshDatabase): HistoryEvent[] {
  const rows = db.sql.all(
    `SELECT event.event_id, parent, epoch, kind, actors.member_id AS actor_name, subjects.member_id AS subject_name,
       on_head_path, secret IS NOT NULL AS has_secret, frame
     FROM mesh_event AS event
       JOIN mesh_roster AS actors ON actors.mid = actor
       LEFT JOIN mesh_roster AS subjects ON subjects.mid = coalesce(target, event.event_id)
       LEFT JOIN mesh_secret ON mesh_secret.event_id = event.event_id
     ORDER BY epoch, event.event_id`,
  ) as unknown as Row[];
  return rows.map((row) => ({
    eventId: row.event_id,
    parent: row.parent,
    epoch: row.epoch,
    kind: row.kind,
    actor: row.actor_name,
    subject: row.subject_name,
    createdAt: createdAt(row.frame),
    onHeadPath: row.on_head_path === 1,
    hasSecret: row.has_secret === 1,
  }));
}
