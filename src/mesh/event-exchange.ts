/**
 * Events between peers that compare what they have: the tips of the tree, a list of ids that tells where two trees part,
 * and the bundles that the other one lacks, page by page.
 *
 * @module
 */
import { compareBytes } from '../bytes.js';
import { encodeCbor } from '../codec/cbor.js';
import { labelHash } from '../codec/labels.js';
import type { MeshDatabase } from '../store/database.js';
import { encodeBundle } from './bundle.js';
import { byteKey } from './byte-key.js';
import { findEpoch, findEvent } from './event-store.js';
import type { Room } from './gossip-exchange.js';
import { requireGroup } from './group.js';
import { knownFrom } from './known-events.js';

/** Most tips of side branches in a locator; those of the latest epochs. */
const MAX_SIDE_TIPS = 16;

/** Most ids of a locator: the head, its ancestors at distances 1, 2, 4, … 2^30, genesis, and side tips. */
export const MAX_LOCATOR = 64;

/** Events without a child: the head, and the ends of side branches. */
function sideTips(db: MeshDatabase): Uint8Array[] {
  return db.sql
    .all(
      `SELECT event_id FROM mesh_event AS tip WHERE on_head_path = 0
       AND NOT EXISTS (SELECT 1 FROM mesh_event AS child WHERE child.parent = tip.event_id) ORDER BY epoch DESC, event_id`,
    )
    .map(({ event_id }) => event_id as Uint8Array);
}

/** A digest of the whole tree of events: 32 bytes over its tips. Trees with the same tips are the same. */
export function eventsDigest(db: MeshDatabase): Uint8Array {
  const tips = [requireGroup(db).head.id, ...sideTips(db)].sort(compareBytes);
  return labelHash('arborist-mesh/1 event tips', encodeCbor(tips));
}

/**
 * Ids by which another peer can tell what this one has: the head, ancestors of it at growing distances down to genesis,
 * and the latest side branches.
 */
export function eventLocator(db: MeshDatabase): Uint8Array[] {
  const { id: genesis, head } = requireGroup(db);
  const ids = [head.id];
  for (let distance = 1; distance < head.epoch; distance *= 2) {
    const ancestor = findEpoch(db, head.epoch - distance);
    if (ancestor !== null) ids.push(ancestor.id);
  }
  if (head.epoch > 0) ids.push(genesis);
  return [...ids, ...sideTips(db).slice(0, MAX_SIDE_TIPS)];
}

/** Whether the event is known and valid. */
export function knowsEvent(db: MeshDatabase, id: Uint8Array): boolean {
  return findEvent(db, id) !== null;
}

/** Where a page of events ended. */
export interface EventCursor {
  readonly epoch: number;
  /** 32 bytes. */
  readonly eventId: Uint8Array;
}

/** A page of bundles, and where the next one begins; null after the last. */
export interface EventPage {
  readonly bundles: Uint8Array[];
  readonly next: EventCursor | null;
}

function bundleOf(db: MeshDatabase, eventId: Uint8Array): Uint8Array {
  const row = db.sql.get(
    'SELECT frame, envelope FROM mesh_event LEFT JOIN mesh_envelope USING (event_id) WHERE event_id = ?',
    [eventId],
  );
  return encodeBundle({ frame: row?.frame as Uint8Array, envelope: (row?.envelope ?? null) as Uint8Array | null });
}

function missingIds(db: MeshDatabase, have: readonly Uint8Array[], after: EventCursor | null, count: number) {
  const { headPathEpoch, side } = knownFrom(db, have);
  const { epoch, eventId } = after ?? { epoch: 0, eventId: new Uint8Array(0) };
  const fromCursor = 'epoch >= ?1 AND (epoch > ?1 OR event_id > ?2)';
  const onPath = db.sql.all(
    `SELECT event_id, epoch FROM mesh_event WHERE on_head_path = 1 AND epoch > ?3 AND ${fromCursor} ORDER BY epoch LIMIT ?4`,
    [epoch, eventId, headPathEpoch, count],
  );
  const beside = db.sql
    .all(`SELECT event_id, epoch FROM mesh_event WHERE on_head_path = 0 AND ${fromCursor} ORDER BY epoch, event_id`, [
      epoch,
      eventId,
    ])
    .filter(({ event_id }) => !side.has(byteKey(event_id as Uint8Array)));
  return [...onPath, ...beside]
    .map((row) => ({ eventId: row.event_id as Uint8Array, epoch: row.epoch as number }))
    .sort((a, b) => a.epoch - b.epoch || compareBytes(a.eventId, b.eventId));
}

/**
 * The bundles that the owner of a locator lacks, parents first, from a cursor on. A page holds at least one bundle, since
 * an envelope may be larger than any page.
 *
 * @param have ids, as {@link eventLocator} gives them; unknown ones are ignored
 */
export function eventsPage(
  db: MeshDatabase,
  have: readonly Uint8Array[],
  after: EventCursor | null,
  room: Room,
): EventPage {
  const missing = missingIds(db, have, after, room.items + 1);
  const bundles: Uint8Array[] = [];
  let bytes = room.bytes;
  let last: EventCursor | null = null;
  for (const event of missing) {
    const bundle = bundleOf(db, event.eventId);
    if (bundles.length === room.items || (bundles.length > 0 && bundle.length > bytes)) return { bundles, next: last };
    bundles.push(bundle);
    bytes -= bundle.length;
    last = event;
  }
  return { bundles, next: null };
}

/** The bundles of some events, as far as they are known and there is room; at least one that is known. */
export function bundlesOf(db: MeshDatabase, ids: readonly Uint8Array[], room: Room): Uint8Array[] {
  const bundles: Uint8Array[] = [];
  let bytes = room.bytes;
  for (const id of ids.slice(0, room.items)) {
    if (!knowsEvent(db, id)) continue;
    const bundle = bundleOf(db, id);
    if (bundles.length > 0 && bundle.length > bytes) break;
    bundles.push(bundle);
    bytes -= bundle.length;
  }
  return bundles;
}

/** Events of the head path, the latest first, whose secret this peer should hold and does not: their envelope is missing. */
export function missingEnvelopes(db: MeshDatabase, max: number): Uint8Array[] {
  const { self, head } = requireGroup(db);
  if (self === null) return [];
  return db.sql
    .all(
      `SELECT event_id FROM mesh_event WHERE on_head_path = 1 AND epoch >= ? AND epoch <= ?
       AND NOT EXISTS (SELECT 1 FROM mesh_secret WHERE mesh_secret.event_id = mesh_event.event_id)
       AND NOT EXISTS (SELECT 1 FROM mesh_envelope WHERE mesh_envelope.event_id = mesh_event.event_id)
       ORDER BY epoch DESC LIMIT ?`,
      [self.sinceEpoch, head.epoch, max],
    )
    .map(({ event_id }) => event_id as Uint8Array);
}
