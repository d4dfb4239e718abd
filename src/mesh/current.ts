/**
 * Reading the present and past of the roster.
 *
 * @module
 */
import { InvalidInputError, MeshError } from '../errors.js';
import type { MeshDatabase } from '../store/database.js';
import { findEpoch, findHead } from './event-store.js';
import type { MeshRosterEntry } from './roster.js';
import { rosterAt } from './roster-store.js';

/** The epoch of the head; null before founding or a welcome. */
export function currentEpoch(db: MeshDatabase): number | null {
  return findHead(db)?.epoch ?? null;
}

/** @throws InvalidInputError if it is not an integer from 0 on */
export function requireEpoch(epoch: unknown): void {
  if (!(Number.isSafeInteger(epoch) && (epoch as number) >= 0)) {
    throw new InvalidInputError('epoch must be an integer from 0 on');
  }
}

/** A copy, since the roster's own entries are shared. */
function copyOf(member: MeshRosterEntry): MeshRosterEntry {
  return { ...member, mid: member.mid.slice(), signPub: member.signPub.slice(), dhPub: member.dhPub.slice() };
}

/**
 * The members in an epoch, ordered by signing key; of the current epoch where none is given, and none before founding
 * or a welcome.
 *
 * @param epoch from 0 (genesis) to the current one
 * @throws InvalidInputError if `epoch` is not an integer from 0 on
 * @throws MeshError `unknown-epoch` if it lies beyond the current one
 */
export function roster(db: MeshDatabase, epoch?: number): MeshRosterEntry[] {
  if (epoch !== undefined) requireEpoch(epoch);
  const event = epoch === undefined ? findHead(db) : findEpoch(db, epoch);
  if (event === null && epoch !== undefined) throw new MeshError('unknown-epoch', `there is no epoch ${epoch} here`);
  return event === null ? [] : rosterAt(db, event).members.map(copyOf);
}
