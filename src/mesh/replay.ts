/**
 * Doing again on the head what a losing branch did.
 *
 * @module
 */
import { equalBytes } from '../bytes.js';
import type { MeshDatabase } from '../store/database.js';
import { byteKey } from './byte-key.js';
import { requireEnabled } from './enabled.js';
import type { CutEntry } from './event.js';
import { storedEvent } from './event-store.js';
import { cutOf } from './gossip-store.js';
import { type Group, type JoinedGroup, requireAdmin, requireGroup } from './group.js';
import { openJoinRequest } from './join-request.js';
import { type LossReason, type LostChange, lostChanges, wouldChange } from './lost-changes.js';
import { commitChange, type MembershipChange } from './membership.js';
import { outranks } from './rank.js';

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
  /** Why it is not on the head path. */
  readonly why: LossReason;
  /** The name of the admin who kicked, or whose branch won. */
  readonly decidedBy: string | null;
  /** Whether this peer's key signed it. Others ask its author, or do it themselves. */
  readonly own: boolean;
}

const isOwn = (group: Group, { actor }: LostChange) => equalBytes(actor.signPub, group.identity.signPub);

/** The first of each author's changes with the same effect: later ones would change nothing. */
function firstOfEach(changes: readonly LostChange[]): LostChange[] {
  const seen = new Set<string>();
  return changes.filter(({ node, actor, subject }) => {
    const effect = `${node.kind} ${byteKey(actor.signPub)} ${byteKey(subject.signPub)}`;
    return !seen.has(effect) && seen.add(effect);
  });
}

/**
 * The adds and kicks of losing branches that the head path has not done or settled since, oldest first: what, who and
 * why. Rotates are not among them: the branch that won began an epoch of its own.
 *
 * @throws MeshError `no-group`
 */
export function pendingReplays(db: MeshDatabase): PendingReplay[] {
  const group = requireGroup(db);
  return firstOfEach(lostChanges(db, group)).map((change) => ({
    eventId: change.node.id,
    epoch: change.node.epoch,
    kind: change.node.kind === 'add' ? 'add' : 'kick',
    actor: change.actor.memberId,
    subject: change.subject.memberId,
    why: change.why,
    decidedBy: change.decidedBy,
    own: isOwn(group, change),
  }));
}

function replayAdd(db: MeshDatabase, group: JoinedGroup, change: LostChange): MembershipChange | null {
  const { roster, head } = group;
  const lost = storedEvent(db, change.node.id).change;
  if (lost.kind !== 'add' || change.isUndone) return null;
  const { id, memberId, signPub, dhPub } = openJoinRequest(lost.request);
  if (roster.byMemberId(memberId) !== null || roster.byDhPub(dhPub) !== null) return null;
  const joiner = { memberId, mid: id, signPub, dhPub, role: lost.role, sinceEpoch: head.epoch + 1 };
  return commitChange(db, group, lost, roster.with(joiner));
}

/** The cut of the lost kick, if it was of the same instance: what came since came from someone who had been kicked. */
function cutAgain(db: MeshDatabase, change: LostChange, target: Uint8Array): readonly CutEntry[] {
  const lost = storedEvent(db, change.node.id).change;
  return lost.kind === 'kick' && equalBytes(lost.target, target) ? lost.cut : cutOf(db, target);
}

function replayKick(db: MeshDatabase, group: JoinedGroup, change: LostChange): MembershipChange | null {
  const { roster, self } = group;
  const target = roster.bySignPub(change.subject.signPub);
  if (target === null || !outranks(self, target)) return null;
  const kick = { kind: 'kick', target: target.mid, cut: cutAgain(db, change, target.mid) } as const;
  return commitChange(db, group, kick, roster.without(target.mid));
}

/** Does one change again; null where the roster, which earlier ones may have changed, no longer calls for it. */
function replayOne(db: MeshDatabase, change: LostChange): MembershipChange | null {
  const group = requireAdmin(db);
  if (!wouldChange(group.roster, change)) return null;
  return change.node.kind === 'add' ? replayAdd(db, group, change) : replayKick(db, group, change);
}

/**
 * Does this peer's own lost changes again on the head, in one transaction. Left out is what would change nothing (someone
 * with the same signing key is a member already), what is not allowed any more (the name is taken, the target outranks
 * this peer), an add whose member was kicked again, and what this peer signed after it had been kicked. A kick goes to
 * the target's present instance.
 *
 * @returns the changes that were made, for the others' `applyEvents`
 * @throws MeshDisabledError, NotAMemberError
 * @throws NotAuthorizedError if this peer is not an admin
 * @throws MeshError `no-group`
 */
export function replay(db: MeshDatabase): MembershipChange[] {
  requireEnabled(db);
  return db.transaction(() => {
    const group = requireAdmin(db);
    return lostChanges(db, group)
      .filter((change) => isOwn(group, change) && change.why !== 'actor-kicked')
      .flatMap((change) => replayOne(db, change) ?? []);
  });
}
