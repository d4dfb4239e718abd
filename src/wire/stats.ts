/**
 * Counters of what crossed the wire, for each database: as a server and as a client, since the program started.
 *
 * @module
 */
import type { MeshDatabase } from '../store/database.js';
import { REFUSALS, type RefusalCode } from './errors.js';
import { WIRE_PATHS, type WirePath } from './protocol/request.js';

/** What a server does for its callers. */
export type ServedPath = WirePath | 'hello';

/** What {@link wireStats} tells; all are numbers since the program started. */
export interface WireStats {
  /** As a server: requests answered, by path. */
  readonly served: Readonly<Record<ServedPath, number>>;
  /** As a server: requests refused, by reason. */
  readonly refused: Readonly<Record<RefusalCode, number>>;
  /** As a server: bytes of bodies read and written. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** As a server: items that callers delivered, and that were new; and those that were not taken in. */
  readonly itemsTaken: number;
  readonly itemsRefused: number;
  /** As a client: synchronizations that came to their end, and those that did not. */
  readonly syncs: number;
  readonly syncsFailed: number;
}

/** The same, to be counted up. */
export type WireCounters = {
  -readonly [K in keyof WireStats]: WireStats[K] extends Readonly<Record<infer Key extends string, number>>
    ? Record<Key, number>
    : number;
};

const all = new WeakMap<MeshDatabase, WireCounters>();

const zeros = <Key extends string>(keys: readonly Key[]) =>
  Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>;

/** The counters of a database, to be counted up. */
export function wireCounters(db: MeshDatabase): WireCounters {
  let counters = all.get(db);
  if (counters === undefined) {
    counters = {
      served: zeros<ServedPath>(['hello', ...WIRE_PATHS]),
      refused: zeros(Object.keys(REFUSALS) as RefusalCode[]),
      bytesIn: 0,
      bytesOut: 0,
      itemsTaken: 0,
      itemsRefused: 0,
      syncs: 0,
      syncsFailed: 0,
    };
    all.set(db, counters);
  }
  return counters;
}

/** What crossed the wire for this database since the program started: a copy. */
export function wireStats(db: MeshDatabase): WireStats {
  const counters = wireCounters(db);
  return { ...counters, served: { ...counters.served }, refused: { ...counters.refused } };
}
