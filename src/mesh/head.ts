/**
 * Moves the head when an event arrives, and keeps what the database remembers of the choice: which events lie on the path
 * to the head, and which kicks count. Both are always what the rule makes of all stored events.
 *
 * @module
 */
import { compareBytes, equalBytes } from '../bytes.js';
import type { MeshDatabase } from '../store/database.js';
import { type EventNode, eventsAbove, findHead, requireEvent, sideBranch } from './event-store.js';
import { chooseAmong, type ForkChoice } from './fork-choice.js';
import { type BranchNode, StoredTrunk, seniorActedFrom, storedBranches } from './stored-trunk.js';

function mark(db: MeshDatabase, event: EventNode, onHeadPath: 0 | 1): void {
  db.sql.run('UPDATE mesh_event SET on_head_path = ? WHERE event_id = ?', [onHeadPath, event.id]);
}

function setStanding(db: MeshDatabase, event: EventNode, standing: 0 | 1): void {
  db.sql.run('UPDATE mesh_event SET standing = ? WHERE event_id = ?', [standing, event.id]);
}

const isTrue = (db: MeshDatabase, question: string, params: Uint8Array[]) => db.sql.get(question, params)?.answer === 1;

/**
 * Whether a kick that counts hits an event that was stored just now. Nothing builds on it, and no kick of its actor can
 * lie below it, since it would not be valid then; so it is unrelated to every kick of its actor. The kicker is senior to
 * the actor, so that the kick counts before the actor's turn: the event is void, and not even a kick in it counts.
 */
const isHit = (db: MeshDatabase, { actor }: EventNode) =>
  isTrue(
    db,
    `SELECT EXISTS (SELECT 1 FROM mesh_event WHERE target = ?1 AND on_head_path = 1)
       OR EXISTS (SELECT 1 FROM mesh_event WHERE target = ?1 AND on_head_path = 0 AND standing = 1) AS answer`,
    [actor],
  );

/** Whether a kick on the head could void a kick that counts: one on a branch where the target acted. */
const couldVoidKicks = (db: MeshDatabase, target: Uint8Array) =>
  isTrue(
    db,
    `SELECT EXISTS (SELECT 1 FROM mesh_event WHERE actor = ? AND on_head_path = 0)
       AND EXISTS (SELECT 1 FROM mesh_event WHERE standing = 1 AND on_head_path = 0) AS answer`,
    [target],
  );

/**
 * Puts an event that was just stored onto the head that it builds on, if that is all there is to do.
 *
 * Let h be the head and e the new event, a child of h by actor A, not hit. Seniors of A choose as before, since neither
 * their events nor the kicks up to theirs change. At A's turn all of h's path is either chosen or not hit (it is chosen in
 * the end, and kicks only become more), so e is ok. Whatever A had chosen lies on h's path, so its epoch is below e's, and
 * any other of A's events that could be chosen with e's epoch or a higher one would have been chosen instead of it. So A's
 * choice is e, and nothing lies above e for juniors to choose. The kicks that count stay the same, and gain e if it is
 * one; only if the target acted on a branch could that void kicks of its juniors there.
 */
function extendHead(db: MeshDatabase, event: EventNode): boolean {
  if (event.target !== null && couldVoidKicks(db, event.target)) return false;
  mark(db, event, 1);
  if (event.target !== null) setStanding(db, event, 1);
  return true;
}

/**
 * Whether an event that was just stored, is no kick and does not build on the head certainly loses: then it changes
 * nothing. At its actor's turn the chosen path holds the deepest event of the seniors on the head path. If that has the
 * new event's epoch or a higher one, it is no ancestor of it. And of two events of one actor the rule takes the better.
 */
function isBeaten(db: MeshDatabase, event: EventNode): boolean {
  const own = new StoredTrunk(db).lastBelow(event.actor, Number.POSITIVE_INFINITY);
  if (own !== null && (own.epoch > event.epoch || (own.epoch === event.epoch && compareBytes(own.id, event.id) < 0))) {
    return true;
  }
  const sinceEpoch = requireEvent(db, event.actor).epoch;
  return seniorActedFrom(db, { actor: event.actor, sinceEpoch }, event.epoch);
}

/**
 * Takes an event that was stored just now into account, where a few lookups show what the rule would do: an event on the
 * head, one that is void, and one that certainly loses.
 *
 * @returns whether head and marks are right now; if not, {@link chooseHeadAgain} has to be called
 */
export function placeEvent(db: MeshDatabase, event: EventNode): boolean {
  if (isHit(db, event)) return true;
  const head = findHead(db);
  if (head === null || event.parent === null) return false;
  if (equalBytes(event.parent, head.id)) return extendHead(db, event);
  return event.target === null && isBeaten(db, event);
}

/** Marks the first event of a history as its head. */
export function startHead(db: MeshDatabase, genesis: EventNode): void {
  mark(db, genesis, 1);
}

function updateStanding(db: MeshDatabase, events: readonly EventNode[], counts: (event: EventNode) => boolean): void {
  for (const event of events) {
    const standing = event.target !== null && counts(event);
    if (event.standing !== standing) setStanding(db, event, standing ? 1 : 0);
  }
}

/**
 * What the rule chooses among all stored events.
 *
 * @param more events that are not stored, to see what they would change
 */
export function choiceWith(db: MeshDatabase, more: readonly BranchNode[] = []): ForkChoice<BranchNode> {
  return chooseAmong(new StoredTrunk(db), [...storedBranches(db), ...more]);
}

/**
 * Applies the rule and moves the head where it says. The cost grows with the events off the head path and with those that
 * leave it, not with the history.
 */
export function chooseHeadAgain(db: MeshDatabase): void {
  const branches = storedBranches(db);
  const choice = chooseAmong(new StoredTrunk(db), branches);
  const leaving = eventsAbove(db, choice.trunkEpoch);
  updateStanding(db, leaving, (kick) => choice.countsOnTrunk(kick));
  const standing: ReadonlySet<EventNode> = choice.standingKicks;
  updateStanding(db, branches, (kick) => standing.has(kick));
  const coming = choice.branchHead === null ? [] : sideBranch(db, choice.branchHead).side;
  for (const event of leaving) mark(db, event, 0);
  for (const event of coming) mark(db, event, 1);
}

/** The epochs whose event changed when the head moved from one event to another. */
export function reorganizedEpochs(db: MeshDatabase, before: Uint8Array): number[] {
  const { side } = sideBranch(db, requireEvent(db, before));
  return side.map(({ epoch }) => epoch).reverse();
}
