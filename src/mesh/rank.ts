/**
 * Seniority: who may kick whom. An admin's rank is the place (epoch, event id) of the event that made it an admin; the
 * founder's comes first, plain members come last. Rank belongs to an instance and never changes, so of two admins it is
 * always the same one that can kick the other, on every branch.
 *
 * @module
 */
import { compareBytes } from '../bytes.js';
import type { MeshRosterEntry } from './roster.js';

/** What rank depends on. */
type Ranked = Pick<MeshRosterEntry, 'mid' | 'role' | 'sinceEpoch'>;

/**
 * Orders admins by rank, the most senior first. A role never changes, so the event that added an admin is what made it
 * one.
 */
export function compareSeniority(a: Pick<Ranked, 'mid' | 'sinceEpoch'>, b: Pick<Ranked, 'mid' | 'sinceEpoch'>): number {
  return a.sinceEpoch - b.sinceEpoch || compareBytes(a.mid, b.mid);
}

/** Whether the first is strictly above the second: an admin above every plain member, a senior admin above a junior. */
export function outranks(a: Ranked, b: Ranked): boolean {
  if (a.role !== 'admin') return false;
  return b.role !== 'admin' || compareSeniority(a, b) < 0;
}
