/**
 * Events for other peers: those that they do not have yet, parents first.
 *
 * @module
 */
import { isBytes } from '../bytes.js';
import { InvalidInputError } from '../errors.js';
import type { MeshDatabase } from '../store/database.js';
import { encodeBundle } from './bundle.js';
import { byteKey } from './byte-key.js';
import { requireEnabled } from './enabled.js';
import { requireGroup } from './group.js';
import { knownFrom } from './known-events.js';

/**
 * The bundles of all events that are neither among `have` nor ancestors of one of them, parents first, with the
 * envelopes that this peer holds.
 *
 * @param have ids (32 bytes each) of events that the receiver has, such as its heads; unknown ones are ignored. With
 *   none, everything from genesis on
 * @throws MeshDisabledError until the mesh is enabled
 * @throws InvalidInputError if `have` is not an array of `Uint8Array`
 * @throws MeshError `no-group`
 */
export function eventsSince(db: MeshDatabase, have: readonly Uint8Array[] = []): Uint8Array[] {
  requireEnabled(db);
  if (!Array.isArray(have) || !have.every(isBytes)) throw new InvalidInputError('have must be an array of Uint8Array');
  requireGroup(db);
  const { headPathEpoch, side } = knownFrom(db, have);
  return db.sql
    .all(
      `SELECT event_id, frame, envelope FROM mesh_event LEFT JOIN mesh_envelope USING (event_id)
       WHERE on_head_path = 0 OR epoch > ? ORDER BY epoch, event_id`,
      [headPathEpoch],
    )
    .filter(({ event_id }) => !side.has(byteKey(event_id as Uint8Array)))
    .map(({ frame, envelope }) =>
      encodeBundle({ frame: frame as Uint8Array, envelope: envelope as Uint8Array | null }),
    );
}
