/**
 * Moves the head when an event arrives, and marks the events between genesis and the head.
 *
 * @module
 */
import { equalBytes } from '../bytes.js';
import type { MeshDatabase } from '../store/database.js';
import { allEvents, type EventNode, findHead, requireEvent, sideBranch } from './event-store.js';
import { chooseHead } from './fork-choice.js';

function mark(db: MeshDatabase, event: EventNode, onHeadPath: 0 | 1): void {
  db.sql.run('UPDATE mesh_event SET on_head_path = ? WHERE event_id = ?', [onHeadPath, event.id]);
}

function setStanding(db: MeshDatabase, event: EventNode, standing: 0 | 1): void {
  db.sql.run('UPDATE mesh_event SET standing = ? WHERE event_id = ?', [standing, event.id]);
}

const isKickedElsewhere = (db: MeshDatabase, actor: Uint8Array) =>
  db.sql.get('SELECT 1 FROM mesh_event WHERE target = ? AND on_head_path = 0 LIMIT 1', [actor]) !== undefined;

const hasKickElsewhere = (db: MeshDatabase) =>
  db.sql.get('SELECT 1 FROM mesh_event WHERE target IS NOT NULL AND on_head_path = 0 LIMIT 1') !== undefined;

/**
 * Moves the head onto an event that was stored just now and builds on it, where the rule would do just that.
 *
 * Why the rule would: let h be the head and e the new event, a child of h by actor A, not hit by any kick. Seniors of
 * A choose as before, since neither their events nor the kicks up to theirs change. At A's turn all of h's path is
 * either chosen or not hit (it is chosen in the end, and kicks only become more), so e is ok. Whatever A had chosen
 * lies on h's path, so its epoch is below e's, and any other of A's events that could be chosen with e's epoch or a
 * higher one would have been chosen instead of it. So A's choice is e, and nothing lies above e for juniors to
 * choose. The kicks that count stay the same, and gain e if it is one; only such an e could void kicks of juniors on
 * other branches.
 *
 * @returns whether it did; if not, the rule has to be applied to all events
 */
export function extendHead(db: MeshDatabase, event: EventNode): boolean {
  const head = findHead(db);
  if (head === null || event.parent === null || !equalBytes(event.parent, head.id)) return false;
  if (isKickedElsewhere(db, event.actor)) return false;
  const isKick = event.target !== null;
  if (isKick && hasKickElsewhere(db)) return false;
  mark(db, event, 1);
  if (isKick) setStanding(db, event, 1);
  return true;
}

/** Marks the first event of a history as its head. */
export function startHead(db: MeshDatabase, genesis: EventNode): void {
  mark(db, genesis, 1);
}

function updateStanding(db: MeshDatabase, events: readonly EventNode[], standing: readonly EventNode[]): void {
  const now = new Set(standing);
  for (const event of events) {
    if (event.standing !== now.has(event)) setStanding(db, event, event.standing ? 0 : 1);
  }
}

/** Takes the marks off the path above the joint, and puts them on the side branch. */
function moveHead(db: MeshDatabase, to: EventNode): void {
  const { side, joint } = sideBranch(db, to);
  db.sql.run('UPDATE mesh_event SET on_head_path = 0 WHERE on_head_path = 1 AND epoch > ?', [joint.epoch]);
  for (const event of side) mark(db, event, 1);
}

/** Applies the rule to all events, and moves the head where it says. */
export function chooseHeadAgain(db: MeshDatabase): void {
  const events = allEvents(db);
  const { head, standingKicks } = chooseHead(events);
  updateStanding(db, events, standingKicks);
  moveHead(db, head);
}

/** The epochs whose event changed when the head moved from one event to another. */
export function reorganizedEpochs(db: MeshDatabase, before: Uint8Array): number[] {
  const { side } = sideBranch(db, requireEvent(db, before));
  return side.map(({ epoch }) => epoch).reverse();
}
