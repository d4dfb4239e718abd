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

/**
 * Of two events of one member on one parent at least one is off the head path, so that only losing branches need to be
 * looked at.
 */
const EVENT_CONFLICTS = `
  WITH place AS (SELECT DISTINCT parent, actor FROM mesh_event WHERE on_head_path = 0)
  SELECT mid, member_id, first.frame AS first_frame, second.frame AS second_frame
  FROM place
    JOIN mesh_event AS first ON first.event_id = (
      SELECT min(event_id) FROM mesh_event WHERE parent = place.parent AND actor = place.actor)
    JOIN mesh_event AS second
      ON second.parent = place.parent AND second.actor = place.actor AND second.event_id > first.event_id
    JOIN mesh_roster ON mid = place.actor
  ORDER BY first.epoch, second.event_id`;

const GOSSIP_CONFLICTS = `
  SELECT mid, member_id, first_frame, second_frame
  FROM mesh_conflict JOIN mesh_roster USING (mid) ORDER BY second_id`;

/** All known equivocations: of events each one with the first by the same member on the same parent, and of gossip. */
export function conflicts(db: MeshDatabase): Conflict[] {
  const events = db.sql.all(EVENT_CONFLICTS);
  const gossip = db.sql.all(GOSSIP_CONFLICTS);
  return [...events.map(conflictOf('event')), ...gossip.map(conflictOf('gossip'))];
}
