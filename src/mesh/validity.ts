/**
 * Whether an event is valid. That depends on the event and its ancestors only, never on what else a peer knows or
 * when it heard of it, so all peers give the same verdict.
 *
 * @module
 */
import { equalBytes } from '../bytes.js';
import { type FrameVerifier, verifyFrame } from '../codec/frame.js';
import { isRosterKey } from '../crypto/ed25519.js';
import { isLowOrder } from '../crypto/low-order.js';
import { MeshError } from '../errors.js';
import { type Change, compareCutEntries, type MeshEvent } from './event.js';
import { InvalidEventError } from './invalid-event.js';
import { type JoinRequest, openEmbeddedRequest } from './join-request.js';
import { MAX_MEMBERS } from './limits.js';
import { requireGroupName, requireMemberId } from './names.js';
import { outranks } from './rank.js';
import { type MeshRosterEntry, Roster } from './roster.js';

/** What an event's ancestors amount to. */
export interface ParentState {
  /** 32 bytes. */
  readonly groupId: Uint8Array;
  readonly epoch: number;
  readonly roster: Roster;
}

/** The checks on a member's keys and name by themselves. */
function checkMember({ signPub, dhPub, memberId }: Pick<MeshRosterEntry, 'signPub' | 'dhPub' | 'memberId'>): void {
  if (!isRosterKey(signPub)) {
    throw new InvalidEventError('signing-key', 'signing key must be a canonical, torsion-free Ed25519 point');
  }
  // No secret could be wrapped to its owner, and every later event would fail at it.
  if (isLowOrder(dhPub)) throw new InvalidEventError('dh-key', 'DH key must not be an X25519 point of low order');
  try {
    requireMemberId(memberId);
  } catch (cause) {
    throw new InvalidEventError('shape', (cause as Error).message, { cause });
  }
}

function checkUnique(roster: Roster, { signPub, dhPub, memberId }: JoinRequest): void {
  if (roster.members.length >= MAX_MEMBERS) {
    throw new InvalidEventError('shape', `a roster has at most ${MAX_MEMBERS} members`);
  }
  if (roster.bySignPub(signPub) !== null) {
    throw new InvalidEventError('unique-signing-key', 'signing key is in the roster already');
  }
  if (roster.byDhPub(dhPub) !== null) throw new InvalidEventError('unique-dh-key', 'DH key is in the roster already');
  if (roster.byMemberId(memberId) !== null) {
    throw new InvalidEventError('unique-member-id', `member id ${JSON.stringify(memberId)} is in the roster already`);
  }
}

/**
 * The checks of an add on the one that it adds: keys and name by themselves, and that none of them is in the roster before.
 *
 * @throws InvalidEventError naming the rule that it breaks
 */
export function checkJoiner(roster: Roster, request: JoinRequest): void {
  checkMember(request);
  checkUnique(roster, request);
}

function requestOf(bytes: Uint8Array, groupId: Uint8Array, verify: FrameVerifier): JoinRequest {
  let request: JoinRequest;
  try {
    request = openEmbeddedRequest(bytes, verify);
  } catch (cause) {
    if (!(cause instanceof MeshError)) throw cause;
    throw new InvalidEventError('join-request', `embedded join request: ${cause.message}`, { cause });
  }
  if (!equalBytes(request.groupId, groupId)) {
    throw new InvalidEventError('join-request', 'embedded join request is for another group');
  }
  return request;
}

function rosterAfterAdd(
  event: MeshEvent,
  change: Change & { kind: 'add' },
  parent: ParentState,
  verify: FrameVerifier,
): Roster {
  const request = requestOf(change.request, parent.groupId, verify);
  checkJoiner(parent.roster, request);
  const { memberId, signPub, dhPub } = request;
  return parent.roster.with({ memberId, mid: event.id, signPub, dhPub, role: change.role, sinceEpoch: event.epoch });
}

function rosterAfterKick(actor: MeshRosterEntry, change: Change & { kind: 'kick' }, parent: ParentState): Roster {
  const target = parent.roster.byMid(change.target);
  if (target === null) throw new InvalidEventError('target-absent', 'the target of the kick is not in the roster');
  if (!outranks(actor, target)) {
    throw new InvalidEventError(
      'outranked',
      `${JSON.stringify(actor.memberId)} does not outrank ${JSON.stringify(target.memberId)}, the target of the kick`,
    );
  }
  const ascending = change.cut.every((entry, i) => {
    const before = change.cut[i - 1];
    return before === undefined || compareCutEntries(before, entry) < 0;
  });
  if (!ascending) throw new InvalidEventError('cut', 'the streams of a cut must be in ascending order, each one once');
  return parent.roster.without(target.mid);
}

function rosterAfter(event: MeshEvent, actor: MeshRosterEntry, parent: ParentState, verify: FrameVerifier): Roster {
  const { change } = event;
  if (change.kind === 'add') return rosterAfterAdd(event, change, parent, verify);
  if (change.kind === 'kick') return rosterAfterKick(actor, change, parent);
  return parent.roster;
}

function checkRosterHash(event: MeshEvent, roster: Roster): void {
  if (!equalBytes(event.rosterHash, roster.hash)) {
    throw new InvalidEventError('roster-hash', 'roster_hash is not that of the roster after the event');
  }
}

/**
 * Checks a decoded event, whose signature is good, against the state after its parent.
 *
 * @param verify verifies the signature of an embedded join request
 * @returns the roster after the event
 * @throws InvalidEventError naming the rule that it breaks
 */
export function checkEvent(event: MeshEvent, parent: ParentState, verify: FrameVerifier = verifyFrame): Roster {
  if (event.epoch !== parent.epoch + 1) {
    throw new InvalidEventError(
      'epoch',
      `epoch must be ${parent.epoch + 1}, one above its parent's, got ${event.epoch}`,
    );
  }
  const actor = parent.roster.byMid(event.actor);
  if (actor?.role !== 'admin') {
    throw new InvalidEventError('signer-not-admin', "the signer is not an admin in its parent's roster");
  }
  const roster = rosterAfter(event, actor, parent, verify);
  checkRosterHash(event, roster);
  return roster;
}

/**
 * Checks a decoded genesis, whose signature is good.
 *
 * @returns the roster of epoch 0: its founder
 * @throws InvalidEventError naming the rule that it breaks
 */
export function checkGenesis(event: MeshEvent): Roster {
  const { change } = event;
  if (change.kind !== 'genesis') throw new InvalidEventError('type', 'the first event must be a genesis');
  const { memberId, dhPub } = change;
  const founder = { memberId, mid: event.id, signPub: event.signer, dhPub, role: 'admin', sinceEpoch: 0 } as const;
  checkMember(founder);
  try {
    requireGroupName(change.groupName);
  } catch (cause) {
    throw new InvalidEventError('shape', (cause as Error).message, { cause });
  }
  const roster = new Roster([founder]);
  checkRosterHash(event, roster);
  return roster;
}
