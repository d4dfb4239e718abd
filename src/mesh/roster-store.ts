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
const KEPT_ROSTERS = 32;

/** A roster and the event that made it. */
interface KeptRoster {
  readonly eventId: Uint8Array;
  readonly roster: Roster;
}

/**
 * The rosters used last, by event id. The roster of an id never changes, so an entry stays right whatever becomes of the
 * transaction it was made in.
 */
const keptRosters = new WeakMap<MeshDatabase, Map<string, KeptRoster>>();

function kept(db: MeshDatabase): Map<string, KeptRoster> {
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
  rosters.set(key, { eventId, roster });
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

// A join would be planned anew at each call, since the plan depends on the parameter: five times the price.
const INSTANCES = `
  SELECT mid, sign_pub, dh_pub, member_id, role, (SELECT epoch FROM mesh_event WHERE event_id = mid) AS epoch
  FROM mesh_roster`;
const INSTANCE = `${INSTANCES} WHERE mid = ?`;

/** A member instance of any time and branch. */
export function findInstance(db: MeshDatabase, mid: Uint8Array): MeshRosterEntry | null {
  const row = db.sql.get(INSTANCE, [mid]);
  return row ? entryOf(row) : null;
}

/** All member instances of any time and branch, by `byteKey` of their mid. */
export function allInstances(db: MeshDatabase): ReadonlyMap<string, MeshRosterEntry> {
  const instances = db.sql.all(INSTANCES).map(entryOf);
  return new Map(instances.map((instance) => [byteKey(instance.mid), instance]));
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

/** The kept roster of the head path whose epoch is nearest. */
function nearestKept(db: MeshDatabase, epoch: number): { readonly epoch: number; readonly roster: Roster } | null {
  const onHeadPath = [...kept(db).values()].flatMap(({ eventId, roster }) => {
    const event = findEvent(db, eventId);
    return event?.onHeadPath === true ? [{ epoch: event.epoch, roster }] : [];
  });
  const distance = (other: { readonly epoch: number }) => Math.abs(other.epoch - epoch);
  return onHeadPath.sort((a, b) => distance(a) - distance(b))[0] ?? null;
}

/** Walks along the head path from one epoch's roster to another's, forward or back, over the adds and kicks in between. */
function walkRoster(db: MeshDatabase, from: { readonly epoch: number; readonly roster: Roster }, to: number): Roster {
  const forward = from.epoch < to;
  const changes = db.sql.all(
    `SELECT event_id, target FROM mesh_event
     WHERE on_head_path = 1 AND kind <> 'rotate' AND epoch > ? AND epoch <= ? ORDER BY epoch`,
    forward ? [from.epoch, to] : [to, from.epoch],
  );
  const gone = new Set<string>();
  const come = new Map<string, Uint8Array>();
  for (const { event_id, target } of forward ? changes : changes.reverse()) {
    const mid = (target ?? event_id) as Uint8Array;
    const key = byteKey(mid);
    // Going back, an add takes away and a kick gives back.
    if ((target === null) === forward) come.set(key, mid);
    else if (!come.delete(key)) gone.add(key);
  }
  const entries = [...come.values()].flatMap((mid) => findInstance(db, mid) ?? []);
  return from.roster.exchange(gone, entries);
}

/** The roster of an epoch of the head path: from the nearest one in memory, or read as a whole. */
function headPathRoster(db: MeshDatabase, epoch: number): Roster {
  const nearest = nearestKept(db, epoch);
  return nearest === null ? readHeadPathRoster(db, epoch) : walkRoster(db, nearest, epoch);
}

/** The roster after a known event. */
export function rosterAt(db: MeshDatabase, event: EventNode): Roster {
  const rosters = kept(db);
  const forward: EventNode[] = [];
  let node = event;
  let roster = rosters.get(byteKey(node.id))?.roster;
  while (roster === undefined && !node.onHeadPath && node.parent !== null) {
    forward.push(node);
    node = requireEvent(db, node.parent);
    roster = rosters.get(byteKey(node.id))?.roster;
  }
  roster ??= headPathRoster(db, node.epoch);
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
