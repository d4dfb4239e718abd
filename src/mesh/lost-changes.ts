/**
 * What losing branches did to the roster and the head path has not done since. Nothing honest is lost silently: it is
 * listed for people, its author can do it again, and a lost kick that counts keeps members from sealing to its target.
 *
 * All of this follows from the tree, by signing key, so that nothing has to be remembered: who was kicked, and comes back
 * as a new instance, has the same key. A rotate needs no list, since the branch that won began an epoch of its own.
 *
 * @module
 */
import { compareBytes, equalBytes } from '../bytes.js';
import type { MeshDatabase } from '../store/database.js';
import { byteKey } from './byte-key.js';
import { type EventNode, eventNodeOf, findKickOf, NODE_COLUMNS, requireEvent, sideBranch } from './event-store.js';
import type { BranchFate } from './fork-choice.js';
import type { Group } from './group.js';
import { choiceWith } from './head.js';
import { outranks } from './rank.js';
import type { MeshRosterEntry, Roster } from './roster.js';
import { findInstance } from './roster-store.js';
import { mostSeniorAbove } from './stored-trunk.js';

/**
 * Why an event is not on the head path. `branch-lost`: a more senior admin's branch won; `actor-kicked`: its author was
 * kicked and signed it without having seen the kick; `branch-void`: it builds on such an event.
 */
export type LossReason = 'branch-lost' | 'actor-kicked' | 'branch-void';

/** Why an event is not on the head path, and who decided that. */
export interface Loss {
  readonly why: LossReason;
  /** The name of the admin who kicked, or whose branch won; null if there is none, since the head moves elsewhere. */
  readonly decidedBy: string | null;
}

/** An add or kick on a losing branch that the head path has neither done nor settled since. */
export interface LostChange extends Loss {
  readonly node: EventNode;
  readonly actor: MeshRosterEntry;
  /** The member that it added or kicked, as an instance of the losing branch. */
  readonly subject: MeshRosterEntry;
  /** Whether it is an add of someone whom a kick that counts has removed on the losing branch again. */
  readonly isUndone: boolean;
}

const nameOf = (db: MeshDatabase, mid: Uint8Array) => findInstance(db, mid)?.memberId ?? null;

/** Why the choice left an event off the head path. */
export function lossOf(db: MeshDatabase, actor: Uint8Array, { joint, voidedBy }: BranchFate): Loss {
  if (voidedBy === null) {
    const senior = mostSeniorAbove(db, joint);
    return { why: 'branch-lost', decidedBy: senior === null ? null : nameOf(db, senior.actor) };
  }
  const kick = findKickOf(db, actor) ?? requireEvent(db, voidedBy);
  const hitsActor = kick.target !== null && equalBytes(kick.target, actor);
  return { why: hitsActor ? 'actor-kicked' : 'branch-void', decidedBy: nameOf(db, kick.actor) };
}

/** Whether the head path has added, or kicked, someone with this signing key since the branches parted. */
function isSettled(db: MeshDatabase, kind: EventNode['kind'], signPub: Uint8Array, joint: number): boolean {
  // A cross join keeps SQLite from walking through the head path: instances of one key are few.
  const place = kind === 'add' ? 'event_id' : 'target';
  const row = db.sql.get(
    `SELECT 1 FROM mesh_roster CROSS JOIN mesh_event ON ${place} = mid
     WHERE sign_pub = ? AND on_head_path = 1 AND kind = ? AND epoch > ? LIMIT 1`,
    [signPub, kind, joint],
  );
  return row !== undefined;
}

/** Whether doing it on the head would change the roster. */
export function wouldChange(roster: Roster, { node, subject }: Pick<LostChange, 'node' | 'subject'>): boolean {
  const isPresent = roster.bySignPub(subject.signPub) !== null;
  return node.kind === 'add' ? !isPresent : isPresent;
}

/** All lost changes, oldest first. The cost grows with the events off the head path. */
export function lostChanges(db: MeshDatabase, { roster }: Group): LostChange[] {
  const { fates, standingKicks } = choiceWith(db);
  const removed = new Set([...standingKicks].flatMap(({ target }) => (target === null ? [] : [byteKey(target)])));
  return [...fates]
    .filter(([{ kind }]) => kind !== 'rotate')
    .flatMap(([node, fate]) => {
      const subject = findInstance(db, node.target ?? node.id);
      const actor = findInstance(db, node.actor);
      if (subject === null || actor === null || !wouldChange(roster, { node, subject })) return [];
      if (isSettled(db, node.kind, subject.signPub, fate.joint)) return [];
      const isUndone = node.kind === 'add' && removed.has(byteKey(node.id));
      return [{ node, actor, subject, isUndone, ...lossOf(db, node.actor, fate) }];
    })
    .sort((a, b) => a.node.epoch - b.node.epoch || compareBytes(a.node.id, b.node.id));
}

/**
 * The members of a roster whom a kick that counts, on a losing branch, removes: to seal to them would undo an eviction.
 * A kick of an instance that came back as one that the kicker does not outrank says nothing about it.
 */
export function membersToKickAgain(db: MeshDatabase, roster: Roster): MeshRosterEntry[] {
  const kicks = db.sql
    .all(`SELECT ${NODE_COLUMNS.join(', ')} FROM mesh_event WHERE standing = 1 AND on_head_path = 0`)
    .map(eventNodeOf);
  const contradicted = kicks.flatMap((kick) => {
    const target = findInstance(db, kick.target as Uint8Array);
    const present = target === null ? null : roster.bySignPub(target.signPub);
    const kicker = present === null ? null : findInstance(db, kick.actor);
    if (present === null || kicker === null || !outranks(kicker, present)) return [];
    return isSettled(db, 'kick', present.signPub, sideBranch(db, kick).joint.epoch) ? [] : [present];
  });
  return [...new Set(contradicted)];
}
