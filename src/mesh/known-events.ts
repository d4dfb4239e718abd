/**
 * What somebody else has of the tree of events, by the ids of a few of them.
 *
 * @module
 */
import type { MeshDatabase } from '../store/database.js';
import { byteKey } from './byte-key.js';
import { findEvent, requireEvent } from './event-store.js';

/** The head path up to an epoch, and events of side branches. */
interface KnownEvents {
  /** -1 where nothing of the head path is known. */
  readonly headPathEpoch: number;
  /** By `byteKey` of their ids. */
  readonly side: ReadonlySet<string>;
}

/** What the owner of some events has: these and their ancestors. Ids that are unknown here are ignored. */
export function knownFrom(db: MeshDatabase, have: readonly Uint8Array[]): KnownEvents {
  let headPathEpoch = -1;
  const side = new Set<string>();
  for (const id of have) {
    let node = findEvent(db, id);
    // A branch that was walked already is not walked again, whatever ids are sent.
    while (node !== null && !node.onHeadPath && !side.has(byteKey(node.id))) {
      side.add(byteKey(node.id));
      node = node.parent === null ? null : requireEvent(db, node.parent);
    }
    if (node?.onHeadPath) headPathEpoch = Math.max(headPathEpoch, node.epoch);
  }
  return { headPathEpoch, side };
}
