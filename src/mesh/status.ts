/**
 * What a person wants to know at a glance.
 *
 * @module
 */
import type { MeshDatabase } from '../store/database.js';
import { conflicts } from './conflicts.js';
import { isEnabled } from './enabled.js';
import { hasSecret } from './envelope-store.js';
import { type EventNode, storedEvent } from './event-store.js';
import { type Fault, faultsOf } from './fault.js';
import { countMessages } from './gossip-store.js';
import { findGroup, type Group } from './group.js';
import { loadPublicIdentity } from './identity.js';
import { membersToKickAgain } from './lost-changes.js';
import { countOrphans } from './orphans.js';
import { pendingReplays } from './replay.js';
import type { Role } from './roster.js';
import { findInstance } from './roster-store.js';

/** The event that made the present epoch. */
export interface LastEvent {
  /** 32 bytes. */
  readonly eventId: Uint8Array;
  readonly kind: EventNode['kind'];
  /** The name of the admin who made it. */
  readonly actor: string;
  /** Seconds since the Unix epoch by that admin's clock. */
  readonly createdAt: number;
}

/** The group as this peer sees it. */
export interface GroupStatus {
  /** 32 bytes. */
  readonly groupId: Uint8Array;
  readonly groupName: string;
  readonly epoch: number;
  /** 32 bytes: the head's event id. */
  readonly head: Uint8Array;
  readonly lastEvent: LastEvent;
  /** How many members the roster has. */
  readonly members: number;
  /** This peer's role; null if it was kicked. */
  readonly role: Role | null;
  /** 32 bytes: this peer's member instance id; null if it was kicked. */
  readonly mid: Uint8Array | null;
  /** Whether this peer holds the present epoch's secret, so that it can seal and open. */
  readonly hasSecret: boolean;
  /** How many events the tree has, losing branches included. */
  readonly events: number;
  /** How many events wait for one that has not come. */
  readonly orphans: number;
  /** How many gossip messages are kept. */
  readonly messages: number;
  /** How many equivocations are known. */
  readonly conflicts: number;
  /**
   * The names of members whom a kick on a losing branch removes. Nobody seals gossip until an admin has kicked them
   * again: its author with `replay`, another one with `kickMember`.
   */
  readonly kickAgain: readonly string[];
  /** How many adds and kicks of losing branches `pendingReplays` lists. */
  readonly pendingReplays: number;
  /** Reports that the present epoch's envelope is bad; an admin answers with a rotate. */
  readonly faults: readonly Fault[];
}

/** What {@link meshStatus} tells. */
export interface MeshStatus {
  readonly enabled: boolean;
  /** `none`: no identity; `pending`: a join request waits for its welcome; `member`; `kicked`. */
  readonly state: 'none' | 'pending' | 'member' | 'kicked';
  /** This peer's name; null without an identity. */
  readonly memberId: string | null;
  /** Null before founding or a welcome. */
  readonly group: GroupStatus | null;
}

function lastEventOf(db: MeshDatabase, head: EventNode): LastEvent {
  const { createdAt } = storedEvent(db, head.id);
  return { eventId: head.id, kind: head.kind, actor: findInstance(db, head.actor)?.memberId ?? '', createdAt };
}

function groupStatus(db: MeshDatabase, group: Group): GroupStatus {
  const { head, self } = group;
  return {
    groupId: group.id,
    groupName: group.identity.groupName,
    epoch: head.epoch,
    head: head.id,
    lastEvent: lastEventOf(db, head),
    members: group.roster.members.length,
    role: self?.role ?? null,
    mid: self?.mid.slice() ?? null,
    hasSecret: hasSecret(db, head.id),
    events: db.sql.get('SELECT count(*) AS count FROM mesh_event')?.count as number,
    orphans: countOrphans(db),
    messages: countMessages(db),
    conflicts: conflicts(db).length,
    kickAgain: membersToKickAgain(db, group.roster).map(({ memberId }) => memberId),
    pendingReplays: pendingReplays(db).length,
    faults: faultsOf(db, head.id),
  };
}

/** What a person wants to know at a glance. Reads only, and works while the mesh is disabled. */
export function meshStatus(db: MeshDatabase): MeshStatus {
  const enabled = isEnabled(db);
  const identity = loadPublicIdentity(db);
  if (identity === null) return { enabled, state: 'none', memberId: null, group: null };
  const group = findGroup(db);
  const { memberId } = identity;
  if (group === null) return { enabled, state: 'pending', memberId, group: null };
  return { enabled, state: group.self === null ? 'kicked' : 'member', memberId, group: groupStatus(db, group) };
}
