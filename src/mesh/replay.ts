/**
 * Nothing honest is lost silently: what a losing branch did is listed, and its author can do it again on the head.
 *
 * A rotate needs no replay, since the branch that won began an epoch of its own.
 *
 * @module
 */
import { equalBytes } from '../bytes.js';
import type { MeshDatabase } from '../store/database.js';
import { requireEnabled } from './enabled.js';
import type { MeshEvent } from './event.js';
import { allEvents, type EventNode, sideBranch, storedEvent } from './event-store.js';
import { cutOf } from './gossip-store.js';
import { type Group, type JoinedGroup, requireAdmin, requireGroup } from './group.js';
import { openJoinRequest } from './join-request.js';
import { commitChange, type MembershipChange } from './membership.js';
import { outranks } from './rank.js';
import type { MeshRosterEntry } from './roster.js';
import { findInstance } from './roster-store.js';

/** A change on a losing branch that the head's roster does not have. */
export interface PendingReplay {
  /** 32 bytes: the losing event. */
  readonly eventId: Uint8Array;
  readonly epoch: number;
  readonly kind: 'add' | 'kick';
  /** The name of the admin who made it. */
  readonly actor: string;
  /** The name of the member that it adds or kicks. */
  readonly subject: string;
  /** Why it lost: its author was kicked by someone it had not heard of, or a more senior admin's branch won. */
  readonly why: 'actor-kicked' | 'branch-lost';
  /** Whether this peer made it, so that `replay` does it again. */
  readonly own: boolean;
}

interface LostChange {
  readonly node: EventNode;
  readonly event: MeshEvent;
  /** The member that it added or kicked, as an instance of the losing branch. */
  readonly subject: MeshRosterEntry;
  readonly actor: MeshRosterEntry;
}

/** Whether the head path did the same to someone with this signing key since the branches parted, or undid it. */
function isSettled(db: MeshDatabase, { node, subject }: LostChange): boolean {
  const { joint } = sideBranch(db, node);
  const column = node.kind === 'add' ? 'event_id' : 'target';
  return (
    db.sql.get(
      `SELECT 1 FROM mesh_event JOIN mesh_roster ON mid = ${column}
       WHERE on_head_path = 1 AND epoch > ? AND kind = ? AND sign_pub = ? LIMIT 1`,
      [joint.epoch, node.kind, subject.signPub],
    ) !== undefined
  );
}

/** Whether doing it again would change the head's roster. */
function isMissing(group: Group, { node, subject }: LostChange): boolean {
  const present = group.roster.bySignPub(subject.signPub) !== null;
  return node.kind === 'add' ? !present : present;
}

function lostChanges(db: MeshDatabase, group: Group): LostChange[] {
  const changes = allEvents(db)
    .filter(({ onHeadPath, kind }) => !onHeadPath && kind !== 'rotate')
    .flatMap((node) => {
      const subject = findInstance(db, node.target ?? node.id);
      const actor = findInstance(db, node.actor);
      return subject === null || actor === null ? [] : [{ node, event: storedEvent(db, node.id), subject, actor }];
    })
    .filter((change) => isMissing(group, change) && !isSettled(db, change));
  // Of several losing events with the same effect the first one is enough.
  const effect = ({ node, subject }: LostChange) => `${node.kind} ${subject.signPub.join()}`;
  return changes.filter((change, i) => changes.findIndex((other) => effect(other) === effect(change)) === i);
}

const isOwn = (group: Group, { actor }: LostChange) => equalBytes(actor.signPub, group.identity.signPub);

/**
 * The adds and kicks of losing branches that the head's roster lacks, oldest first: what, who and why.
 *
 * @throws MeshError `no-group`
 */
export function pendingReplays(db: MeshDatabase): PendingReplay[] {
  const group = requireGroup(db);
  return lostChanges(db, group).map((change) => ({
    eventId: change.node.id,
    epoch: change.node.epoch,
    kind: change.node.kind === 'add' ? 'add' : 'kick',
    actor: change.actor.memberId,
    subject: change.subject.memberId,
    why: group.roster.byMid(change.actor.mid) === null ? 'actor-kicked' : 'branch-lost',
    own: isOwn(group, change),
  }));
}

/** Makes the change again on the head; null where the present roster no longer allows it. */
function replayOne(db: MeshDatabase, group: JoinedGroup, { event, subject }: LostChange): MembershipChange | null {
  const { roster, self, head } = group;
  const { change } = event;
  if (change.kind === 'add') {
    const { id, memberId, signPub, dhPub } = openJoinRequest(change.request);
    if (roster.byMemberId(memberId) !== null || roster.byDhPub(dhPub) !== null) return null;
    const joiner = { memberId, mid: id, signPub, dhPub, role: change.role, sinceEpoch: head.epoch + 1 };
    return commitChange(db, group, change, roster.with(joiner));
  }
  const target = roster.bySignPub(subject.signPub);
  if (target === null || !outranks(self, target)) return null;
  const kick = { kind: 'kick', target: target.mid, cut: cutOf(db, target.mid) } as const;
  return commitChange(db, group, kick, roster.without(target.mid));
}

/**
 * Does this peer's own lost changes again on the head, in one transaction. Someone who is a member already is not added
 * again, a kick goes to the target's present instance, and what would change nothing, or is not allowed any more, is
 * left out.
 *
 * @returns the changes that were made, for the others' `applyEvents`
 * @throws MeshDisabledError, NotAMemberError
 * @throws NotAuthorizedError if this peer is not an admin
 * @throws MeshError `no-group`
 */
export function replay(db: MeshDatabase): MembershipChange[] {
  requireEnabled(db);
  return db.transaction(() => {
    const lost = lostChanges(db, requireAdmin(db));
    return lost.flatMap((change) => {
      const group = requireAdmin(db);
      const made = isOwn(group, change) && isMissing(group, change) ? replayOne(db, group, change) : null;
      return made === null ? [] : [made];
    });
  });
}
