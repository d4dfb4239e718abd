/**
 * Proof that someone was a member, in which role and at which epoch, for anyone who knows the group id and nothing else:
 * the chain of events from genesis to that epoch, and whom it is about.
 *
 * @module
 */
import { equalBytes, requireBytes } from '../bytes.js';
import { type Frame, parseFrame, verifyFrame } from '../codec/frame.js';
import { arrayOf, bytesOf, bytesUpTo, decodeShape, encodeShape, items } from '../codec/shape.js';
import { MeshError, NotAMemberError } from '../errors.js';
import type { MeshDatabase } from '../store/database.js';
import { byteKey } from './byte-key.js';
import { requireEpoch } from './current.js';
import { decodeEvent, decodeGenesis, EVENT, GENESIS, type MeshEvent } from './event.js';
import { findEpoch } from './event-store.js';
import { requireGroup } from './group.js';
import { InvalidEventError } from './invalid-event.js';
import { MAX_FRAME_BYTES, MAX_WELCOME_BYTES } from './limits.js';
import { requireMemberId } from './names.js';
import type { MeshRosterEntry, Roster } from './roster.js';
import { rosterAt } from './roster-store.js';
import { checkEvent, checkGenesis } from './validity.js';

const PROOF = items({
  groupId: bytesOf(32),
  mid: bytesOf(32),
  chain: arrayOf(bytesUpTo(MAX_FRAME_BYTES), { max: Number.MAX_SAFE_INTEGER }),
});

/** What a proof shows. */
export interface ProvenMembership extends MeshRosterEntry {
  /** The epoch that the chain ends in. */
  readonly epoch: number;
  /** 32 bytes: the event that began that epoch. */
  readonly eventId: Uint8Array;
}

/**
 * Makes a proof: CBOR `[group_id, mid, [frames from genesis to the epoch's event]]`.
 *
 * @param memberId the member's name in that epoch's roster
 * @param epoch from 0 to the current one
 * @throws InvalidInputError if `memberId` is not a name, or `epoch` not an integer from 0 on
 * @throws NotAMemberError if there is no such member in that epoch
 * @throws MeshError `no-group`, `unknown-epoch`
 */
export function membershipProof(db: MeshDatabase, memberId: string, epoch: number): Uint8Array {
  requireMemberId(memberId);
  requireEpoch(epoch);
  const { id: groupId } = requireGroup(db);
  const event = findEpoch(db, epoch);
  if (event === null) throw new MeshError('unknown-epoch', `there is no epoch ${epoch} here`);
  const member = rosterAt(db, event).byMemberId(memberId);
  if (member === null) throw new NotAMemberError(`${JSON.stringify(memberId)} was not a member in epoch ${epoch}`);
  const rows = db.sql.all('SELECT frame FROM mesh_event WHERE on_head_path = 1 AND epoch <= ? ORDER BY epoch', [epoch]);
  const chain = rows.map(({ frame }) => frame as Uint8Array);
  return encodeShape(PROOF, { groupId, mid: member.mid, chain }, 'membership proof');
}

/** Where the walk along a chain stands. */
interface Link {
  readonly event: MeshEvent;
  readonly roster: Roster;
}

function firstLink(frame: Frame, groupId: Uint8Array): Link {
  if (frame.type !== GENESIS || !equalBytes(frame.id, groupId)) {
    throw new InvalidEventError('group', "the chain does not start with the group's genesis");
  }
  if (!verifyFrame(frame, frame.signer)) {
    throw new InvalidEventError('signature', 'the signature of the genesis does not verify');
  }
  const event = decodeGenesis(frame);
  return { event, roster: checkGenesis(event) };
}

function nextLink(before: Link, frame: Frame, keys: ReadonlyMap<string, Uint8Array>, groupId: Uint8Array): Link {
  const key = keys.get(byteKey(frame.signer));
  if (frame.type !== EVENT || key === undefined || !verifyFrame(frame, key)) {
    throw new InvalidEventError('signature', 'an event of the chain is not signed by a member of the chain');
  }
  const { groupId: named, event } = decodeEvent(frame);
  if (!equalBytes(named, groupId) || event.parent === null || !equalBytes(event.parent, before.event.id)) {
    throw new InvalidEventError('group', 'an event of the chain does not build on the one before');
  }
  return { event, roster: checkEvent(event, { groupId, epoch: before.event.epoch, roster: before.roster }) };
}

/**
 * Checks a proof with nothing but the group id. It shows that the group's own admins signed this history; it cannot show
 * that no other branch exists.
 *
 * @param groupId 32 bytes, from a source that the checker trusts
 * @throws InvalidInputError, CodecError
 * @throws InvalidEventError naming the rule that the chain breaks
 * @throws NotAMemberError if the chain does not make the one it names a member
 */
export function checkMembershipProof(proof: Uint8Array, groupId: Uint8Array): ProvenMembership {
  requireBytes('proof', proof);
  requireBytes('groupId', groupId, 32);
  const { groupId: named, mid, chain } = decodeShape(PROOF, proof, { maxBytes: MAX_WELCOME_BYTES, what: 'proof' });
  if (!equalBytes(named, groupId)) throw new InvalidEventError('group', 'the proof is about another group');
  const keys = new Map<string, Uint8Array>();
  let link: Link | undefined;
  for (const bytes of chain) {
    const frame = parseFrame(bytes, { maxBytes: MAX_FRAME_BYTES });
    link = link === undefined ? firstLink(frame, groupId) : nextLink(link, frame, keys, groupId);
    const added = link.roster.byMid(link.event.id);
    if (added !== null) keys.set(byteKey(added.mid), added.signPub);
  }
  const member = link?.roster.byMid(mid) ?? null;
  if (link === undefined || member === null) {
    throw new NotAMemberError('the chain of the proof does not make the one it names a member');
  }
  return { ...member, epoch: link.event.epoch, eventId: link.event.id };
}
