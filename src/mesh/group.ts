/**
 * The group as this peer sees it now: head, roster, and its own place in it.
 *
 * @module
 */
import { MeshError, NotAMemberError, NotAuthorizedError } from '../errors.js';
import type { MeshDatabase } from '../store/database.js';
import { type EventNode, findHead } from './event-store.js';
import { loadGroupId, loadPublicIdentity, type PublicIdentity } from './identity.js';
import type { MeshRosterEntry, Roster } from './roster.js';
import { rosterAt } from './roster-store.js';

/** What a peer that belongs, or once belonged, to a group knows about it. */
export interface Group {
  /** 32 bytes. */
  readonly id: Uint8Array;
  readonly identity: PublicIdentity;
  readonly head: EventNode;
  /** The roster after the head. */
  readonly roster: Roster;
  /** This peer in that roster; null if it was kicked. */
  readonly self: MeshRosterEntry | null;
}

/** A group that this peer is a member of. */
export interface JoinedGroup extends Group {
  readonly self: MeshRosterEntry;
}

/** The group in this database; null before founding or a welcome. */
export function findGroup(db: MeshDatabase): Group | null {
  const identity = loadPublicIdentity(db);
  const id = loadGroupId(db);
  const head = findHead(db);
  if (identity === null || id === null || head === null) return null;
  const roster = rosterAt(db, head);
  return { id, identity, head, roster, self: roster.bySignPub(identity.signPub) };
}

/** @throws MeshError `no-group` before founding or a welcome */
export function requireGroup(db: MeshDatabase): Group {
  const group = findGroup(db);
  if (group === null) {
    throw new MeshError('no-group', 'this database belongs to no group yet: found one, or accept a welcome');
  }
  return group;
}

/**
 * @throws MeshError `no-group`
 * @throws NotAMemberError if this peer was kicked
 */
export function requireMembership(db: MeshDatabase): JoinedGroup {
  const group = requireGroup(db);
  if (group.self === null) throw new NotAMemberError('this peer is not in the roster any more');
  return { ...group, self: group.self };
}

/**
 * @throws MeshError `no-group`
 * @throws NotAMemberError if this peer was kicked
 * @throws NotAuthorizedError if this peer is a plain member
 */
export function requireAdmin(db: MeshDatabase): JoinedGroup {
  const group = requireMembership(db);
  if (group.self.role !== 'admin') throw new NotAuthorizedError('only an admin may change the roster or invite');
  return group;
}
