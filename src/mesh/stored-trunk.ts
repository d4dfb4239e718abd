/**
 * The events in the database as the choice of the head wants them: the path to the stored head as the trunk, asked for
 * what the choice needs of it by index, and all others as branches.
 *
 * @module
 */
import type { MeshDatabase } from '../store/database.js';
import { type EventNode, eventNodeOf, NODE_COLUMNS } from './event-store.js';
import type { Actor, Trunk, TrunkEvent } from './fork-choice.js';

/** An event off the head path, with its author's place in the order of seniority. */
export type BranchNode = EventNode & Actor;

type Row = NonNullable<ReturnType<MeshDatabase['sql']['get']>>;

const actorOf = ({ actor, since_epoch }: Row): Actor => ({
  actor: actor as Uint8Array,
  sinceEpoch: since_epoch as number,
});

/**
 * Everyone who ever acted. Steps from one actor to the next along the index, so that the cost grows with the actors and
 * not with their events.
 */
const ACTORS = `
  WITH RECURSIVE acting (actor) AS (
    SELECT min(actor) FROM mesh_event
    UNION ALL
    SELECT (SELECT min(actor) FROM mesh_event WHERE actor > acting.actor) FROM acting WHERE acting.actor IS NOT NULL
  )
  SELECT acting.actor AS actor, epoch AS since_epoch FROM acting JOIN mesh_event ON event_id = acting.actor`;

/** The path to the stored head. */
export class StoredTrunk implements Trunk {
  readonly #db: MeshDatabase;

  constructor(db: MeshDatabase) {
    this.#db = db;
  }

  #event(clause: string, params: (Uint8Array | number)[]): TrunkEvent | null {
    const row = this.#db.sql.get(`SELECT event_id, epoch, actor FROM mesh_event ${clause}`, params);
    return row ? { id: row.event_id as Uint8Array, epoch: row.epoch as number, actor: row.actor as Uint8Array } : null;
  }

  actors(): Actor[] {
    return this.#db.sql.all(ACTORS).map(actorOf);
  }

  lastBelow(actor: Uint8Array, epoch: number): TrunkEvent | null {
    const clause = 'WHERE actor = ? AND on_head_path = 1 AND epoch < ? ORDER BY epoch DESC LIMIT 1';
    return this.#event(clause, [actor, Math.min(epoch, Number.MAX_SAFE_INTEGER)]);
  }

  firstAbove(actor: Uint8Array, epoch: number): TrunkEvent | null {
    return this.#event('WHERE actor = ? AND on_head_path = 1 AND epoch > ? ORDER BY epoch LIMIT 1', [actor, epoch]);
  }

  kickOf(target: Uint8Array): TrunkEvent | null {
    return this.#event('WHERE target = ? AND on_head_path = 1', [target]);
  }
}

/** The events off the head path, parents first. */
export function storedBranches(db: MeshDatabase): BranchNode[] {
  return db.sql
    .all(
      `SELECT ${NODE_COLUMNS.map((column) => `event.${column}`).join(', ')}, added.epoch AS since_epoch
       FROM mesh_event AS event JOIN mesh_event AS added ON added.event_id = event.actor
       WHERE event.on_head_path = 0 ORDER BY event.epoch`,
    )
    .map((row) => ({ ...eventNodeOf(row), ...actorOf(row) }));
}

/** Whether someone strictly senior acted on the head path at this epoch or above it. */
export function seniorActedFrom(db: MeshDatabase, { actor, sinceEpoch }: Actor, epoch: number): boolean {
  const row = db.sql.get(
    `SELECT 1 FROM (${ACTORS}) AS senior WHERE (since_epoch, actor) < (?, ?)
       AND EXISTS (SELECT 1 FROM mesh_event WHERE actor = senior.actor AND on_head_path = 1 AND epoch >= ?) LIMIT 1`,
    [sinceEpoch, actor, epoch],
  );
  return row !== undefined;
}

/** The most senior of those who acted on the head path above an epoch; null if nobody did. */
export function mostSeniorAbove(db: MeshDatabase, epoch: number): Actor | null {
  const row = db.sql.get(
    `SELECT actor, since_epoch FROM (${ACTORS}) AS acting
     WHERE EXISTS (SELECT 1 FROM mesh_event WHERE actor = acting.actor AND on_head_path = 1 AND epoch > ?)
     ORDER BY since_epoch, actor LIMIT 1`,
    [epoch],
  );
  return row ? actorOf(row) : null;
}
