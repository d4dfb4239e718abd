/**
 * The welcome: the history as an admin hands it to whoever it added.
 *
 * @module
 */
import type { MeshDatabase } from '../store/database.js';
import { encodeBundle, encodeWelcome } from './bundle.js';
import { loadEnvelope } from './envelope-store.js';
import { eventFrame, requireEvent, sideBranch } from './event-store.js';

/**
 * The chain from genesis to an add; only the last bundle, the joiner's own, needs its envelope. Where the head that the
 * invite named has lost since, the branch that leads to it comes along: the joiner wants to see it.
 *
 * @param added the add, on the head path
 * @param known the head that the invite named
 */
export function welcomeTo(db: MeshDatabase, groupId: Uint8Array, added: Uint8Array, known: Uint8Array): Uint8Array {
  const { epoch } = requireEvent(db, added);
  const rows = db.sql.all('SELECT frame FROM mesh_event WHERE on_head_path = 1 AND epoch < ? ORDER BY epoch', [epoch]);
  const { side } = sideBranch(db, requireEvent(db, known));
  const lost = side.reverse().map(({ id }) => eventFrame(db, id));
  const frames = [...rows.map(({ frame }) => frame as Uint8Array), ...lost];
  const last = encodeBundle({ frame: eventFrame(db, added), envelope: loadEnvelope(db, added) });
  return encodeWelcome({ groupId, bundles: [...frames.map((frame) => encodeBundle({ frame, envelope: null })), last] });
}
