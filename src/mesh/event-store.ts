/**
 * The tree of valid events in the database: lookups, and the insertion of one event that was found valid.
 *
 * @module
 */
import { parseFrame } from '../codec/frame.js';
import { MeshError } from '../errors.js';
import type { MeshDatabase } from '../store/database.js';
import { decodeEvent, decodeGenesis, GENESIS, type MeshEvent } from './event.js';
import { MAX_FRAME_BYTES } from './limits.js';

/** What the tree keeps of an event besides its frame. */
export interface EventNode {
  /** 32 bytes. */
  readonly id: Uint8Array;
  /** 32 bytes; null for genesis. */
  readonly parent: Uint8Array | null;
  readonly epoch: number;
  readonly kind: MeshEvent['change']['kind'];
  /** 32 bytes: the acting admin's `mid`. */
  readonly actor: Uint8Array;
  /** 32 bytes: the `mid` that a kick removes; null for other kinds. */
  readonly target: Uint8Array | null;
  /** Whether it lies between genesis and the head, both included. */
  readonly onHeadPath: boolean;
  /** Whether it is a kick that the choice of the head counts. */
  readonly standing: boolean;
}

/** The columns that {@link eventNodeOf} reads. */
export const NODE_COLUMNS = ['event_id', 'parent', 'epoch', 'kind', 'actor', 'target', 'on_head_path', 'standing'];
const COLUMNS = NODE_COLUMNS.join(', ');

type Row = NonNullable<ReturnType<MeshDatabase['sql']['get']>>;

/** An event from a row of the database. */
export function eventNodeOf(row: Row): EventNode {
  return {
    id: row.event_id as Uint8Array,
    parent: row.parent as Uint8Array | null,
    epoch: row.epoch as number,
    kind: row.kind as EventNode['kind'],
    actor: row.actor as Uint8Array,
    target: row.target as Uint8Array | null,
    onHeadPath: row.on_head_path === 1,
    standing: row.standing === 1,
  };
}

/** Statements are found by their text, which therefore is put together once. */
const BY_ID = `SELECT ${COLUMNS} FROM mesh_event WHERE event_id = ?`;
const HEAD = `SELECT ${COLUMNS} FROM mesh_event WHERE on_head_path = 1 ORDER BY epoch DESC LIMIT 1`;
const BY_EPOCH = `SELECT ${COLUMNS} FROM mesh_event WHERE on_head_path = 1 AND epoch = ?`;
const KICK_OF = `SELECT ${COLUMNS} FROM mesh_event WHERE target = ? AND on_head_path = 1`;

function select(db: MeshDatabase, sql: string, params: (Uint8Array | number)[] = []): EventNode | null {
  const row = db.sql.get(sql, params);
  return row ? eventNodeOf(row) : null;
}

/** The event with this id, if it is known and valid. */
export function findEvent(db: MeshDatabase, id: Uint8Array): EventNode | null {
  return select(db, BY_ID, [id]);
}

/** The last event of the head path; null before founding or joining. */
export function findHead(db: MeshDatabase): EventNode | null {
  return select(db, HEAD);
}

/** The event that made this epoch on the head path. */
export function findEpoch(db: MeshDatabase, epoch: number): EventNode | null {
  return select(db, BY_EPOCH, [epoch]);
}

/** The events on the head path above an epoch, in order. */
export function eventsAbove(db: MeshDatabase, epoch: number): EventNode[] {
  return db.sql
    .all(`SELECT ${COLUMNS} FROM mesh_event WHERE on_head_path = 1 AND epoch > ? ORDER BY epoch`, [epoch])
    .map(eventNodeOf);
}

/** The kick on the head path that removed the instance, if there is one. */
export function findKickOf(db: MeshDatabase, mid: Uint8Array): EventNode | null {
  return select(db, KICK_OF, [mid]);
}

/** All events, parents first. */
export function allEvents(db: MeshDatabase): EventNode[] {
  return db.sql.all(`SELECT ${COLUMNS} FROM mesh_event ORDER BY epoch, event_id`).map(eventNodeOf);
}

const unknownEvent = () =>
  new MeshError('unknown-event', 'the event is not known here; apply the events that lead to it first');

/**
 * An event that must be there, since another one refers to it.
 *
 * @throws MeshError `unknown-event`
 */
export function requireEvent(db: MeshDatabase, id: Uint8Array): EventNode {
  const node = findEvent(db, id);
  if (node === null) throw unknownEvent();
  return node;
}

/**
 * The frame of a known event, as it was received.
 *
 * @throws MeshError `unknown-event`
 */
export function eventFrame(db: MeshDatabase, id: Uint8Array): Uint8Array {
  const row = db.sql.get('SELECT frame FROM mesh_event WHERE event_id = ?', [id]);
  if (!row) throw unknownEvent();
  return row.frame as Uint8Array;
}

/** A known event, decoded again from its stored frame. */
export function storedEvent(db: MeshDatabase, id: Uint8Array): MeshEvent {
  const frame = parseFrame(eventFrame(db, id), { maxBytes: MAX_FRAME_BYTES });
  return frame.type === GENESIS ? decodeGenesis(frame) : decodeEvent(frame).event;
}

/** The events from this one back to the nearest ancestor on the head path, without that one; and that one. */
export function sideBranch(
  db: MeshDatabase,
  from: EventNode,
): { readonly side: EventNode[]; readonly joint: EventNode } {
  const side: EventNode[] = [];
  let node = from;
  while (!node.onHeadPath && node.parent !== null) {
    side.push(node);
    node = requireEvent(db, node.parent);
  }
  return { side, joint: node };
}

/** Stores a valid event, off the head path for now. Its parent is stored already. */
export function insertEvent(db: MeshDatabase, event: MeshEvent, frame: Uint8Array): EventNode {
  const { id, parent, epoch, actor, change } = event;
  const { kind } = change;
  const target = kind === 'kick' ? change.target : null;
  db.sql.run(
    `INSERT INTO mesh_event (event_id, parent, epoch, kind, actor, target, on_head_path, standing, frame)
     VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?)`,
    [id, parent, epoch, kind, actor, target, frame],
  );
  return { id, parent, epoch, kind, actor, target, onHeadPath: false, standing: false };
}
