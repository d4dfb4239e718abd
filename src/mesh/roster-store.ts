/**
 * Rosters in the database. It holds one row for each member instance; the roster after an event follows from the adds
 * and kicks on the event's path, so that no roster is ever copied.
 *
 * @module
 */
import type { MeshDatabase } from '../store/database.js';
import { byteKey } from './byte-key.js';
import { type EventNode, findEvent, findKickOf, requireEvent } from './event-store.js';
import { type MeshRosterEntry, type Role, Roster } from './roster.js';

type Row = NonNullable<ReturnType<MeshDatabase['sql']['get']>>;

/** Rosters kept in memory, of each database; neighbouring ones share their members. */
const KEPT_ROSTERS = 16;

/**
 * The rosters used last, by event id. The roster of an id never changes, so an entry stays right whatever becomes of
 * the transaction it was made in.
 */
const keptRosters = new WeakMap<MeshDatabase, Map<string, Roster>>();

function kept(db: MeshDatabase): Map<string, Roster> {
  let rosters = keptRosters.get(db);
  if (rosters === undefined) {
    rosters = new Map();
    keptRosters.set(db, rosters);
  }
  return rosters;
}

/** Remembers the roster after an event, as long as it is among the last ones used. */
export function keepRoster(db: MeshDatabase, eventId: Uint8Array, roster: Roster): void {
  const rosters = kept(db);
  const key = byteKey(eventId);
  rosters.delete(key);
  rosters.set(key, roster);
  for (const oldest of rosters.keys()) {
    if (rosters.size <= KEPT_ROSTERS) break;
    rosters.delete(oldest);
  }
}

function entryOf(row: Row): MeshRosterEntry {
  return {
    memberId: row.member_id as string,
    mid: row.mid as Uint8Array,
    signPub: row.sign_pub as Uint8Array,
    dhPub: row.dh_pub as Uint8Array,
    role: row.role as Role,
    sinceEpoch: row.epoch as number,
  };
}

/** A member instance of any time and branch. */
export function findInstance(db: MeshDatabase, mid: Uint8Array): MeshRosterEntry | null {
  const row = db.sql.get(
    `SELECT mid, sign_pub, dh_pub, member_id, role, epoch
     FROM mesh_roster JOIN mesh_event ON event_id = mid WHERE mid = ?`,
    [mid],
  );
  return row ? entryOf(row) : null;
}

/** Stores the instance that an event added. */
export function insertInstance(db: MeshDatabase, member: MeshRosterEntry): void {
  db.sql.run('INSERT INTO mesh_roster (mid, sign_pub, dh_pub, member_id, role) VALUES (?, ?, ?, ?, ?)', [
    member.mid,
    member.signPub,
    member.dhPub,
    member.memberId,
    member.role,
  ]);
}

function readHeadPathRoster(db: MeshDatabase, epoch: number): Roster {
  const rows = db.sql.all(
    `SELECT mid, sign_pub, dh_pub, member_id, role, added.epoch AS epoch
     FROM mesh_event AS added JOIN mesh_roster ON mid = added.event_id
     WHERE added.on_head_path = 1 AND added.epoch <= ?1 AND NOT EXISTS (
       SELECT 1 FROM mesh_event AS kick WHERE kick.target = mid AND kick.on_head_path = 1 AND kick.epoch <= ?1)
     ORDER BY sign_pub`,
    [epoch],
  );
  return new Roster(rows.map(entryOf));
}

function after(db: MeshDatabase, before: Roster, event: EventNode): Roster {
  if (event.target !== null) return before.without(event.target);
  const added = event.kind === 'add' ? findInstance(db, event.id) : null;
  return added === null ? before : before.with(added);
}

/** The roster after a known event. */
export function rosterAt(db: MeshDatabase, event: EventNode): Roster {
  const rosters = kept(db);
  const forward: EventNode[] = [];
  let node = event;
  let roster = rosters.get(byteKey(node.id));
  while (roster === undefined && !node.onHeadPath && node.parent !== null) {
    forward.push(node);
    node = requireEvent(db, node.parent);
    roster = rosters.get(byteKey(node.id));
  }
  roster ??= readHeadPathRoster(db, node.epoch);
  for (const next of forward.reverse()) roster = after(db, roster, next);
  keepRoster(db, event.id, roster);
  return roster;
}

/** Whether the instance is in the roster after a known event. On the head path this takes two lookups, at any size. */
export function isMemberAt(db: MeshDatabase, event: EventNode, mid: Uint8Array): boolean {
  if (!event.onHeadPath) return rosterAt(db, event).byMid(mid) !== null;
  const added = findEvent(db, mid);
  if (added === null || !added.onHeadPath || added.epoch > event.epoch) return false;
  const kick = findKickOf(db, mid);
  return kick === null || kick.epoch > event.epoch;
}
