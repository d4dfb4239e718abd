/**
 * Equivocation: two different statements of one member at one place, both signed. They are shown to people as proof; no
 * one is kicked for them automatically, because a restored backup looks the same.
 *
 * @module
 */
import type { MeshDatabase } from '../store/database.js';

/** Two signed frames that contradict each other. */
export interface Conflict {
  /** `event`: two membership events on one parent; `gossip`: two messages at one position of a stream. */
  readonly kind: 'event' | 'gossip';
  /** The name of the member who signed both. */
  readonly memberId: string;
  /** 32 bytes: its member instance id. */
  readonly mid: Uint8Array;
  /** The two frames as received. */
  readonly frames: readonly [Uint8Array, Uint8Array];
}

function conflictOf(kind: Conflict['kind']) {
  return (row: Readonly<Record<string, unknown>>): Conflict => ({
    kind,
    memberId: row.member_id as string,
    mid: row.mid as Uint8Array,
    frames: [row.first_frame as Uint8Array, row.second_frame as Uint8Array],
  });
}

/** All known equivocations: of events each one with the first by the same member on the same parent, and of gossip. */
export function conflicts(db: MeshDatabase): Conflict[] {
  const events = db.sql.all(
    `SELECT mid, member_id, first.frame AS first_frame, second.frame AS second_frame
     FROM mesh_event AS first
       JOIN mesh_event AS second ON second.parent = first.parent AND second.actor = first.actor
       JOIN mesh_roster ON mid = first.actor
     WHERE first.event_id < second.event_id AND NOT EXISTS (
       SELECT 1 FROM mesh_event AS earlier
       WHERE earlier.parent = first.parent AND earlier.actor = first.actor AND earlier.event_id < first.event_id)
     ORDER BY first.epoch, second.event_id`,
  );
  const gossip = db.sql.all(
    'SELECT mid, member_id, first_frame, second_frame FROM mesh_conflict JOIN mesh_roster USING (mid) ORDER BY second_id',
  );
  return [...events.map(conflictOf('event')), ...gossip.map(conflictOf('gossip'))];
}
