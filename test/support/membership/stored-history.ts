/**
 * What a database holds, in the words of the model: for comparing the library's choices with the model's.
 *
 * @module
 */
import type { MeshDatabase } from '../../../src/index.js';
import { toHex } from '../hex.js';
import { type ModelEvent, type ModelHistory, validHistory } from './model.js';

type Row = Readonly<Record<string, unknown>>;

const hexOf = (value: unknown) => toHex(value as Uint8Array);

function actionOf({ kind, role, sign_pub, target }: Row): ModelEvent['action'] {
  if (kind === 'add') return { kind, person: hexOf(sign_pub), role: role as 'admin' | 'member' };
  if (kind === 'kick') return { kind, target: hexOf(target) };
  return { kind: kind as 'genesis' | 'rotate' };
}

/** The stored events; a person is the signing key, in hexadecimal, that an add brings in. */
function storedEvents(db: MeshDatabase): ModelEvent[] {
  return db.sql
    .all(
      `SELECT event_id, parent, epoch, kind, actor, target, sign_pub, role
       FROM mesh_event LEFT JOIN mesh_roster ON mid = event_id ORDER BY epoch, event_id`,
    )
    .map((row) => ({
      id: hexOf(row.event_id),
      parent: row.parent === null ? null : hexOf(row.parent),
      epoch: row.epoch as number,
      actor: hexOf(row.actor),
      action: actionOf(row),
    }));
}

/** The stored events as a history of the model, all of which must be valid by its rules. */
export function storedHistory(db: MeshDatabase): ModelHistory {
  const events = storedEvents(db);
  const history = validHistory(events);
  if (history.events().length !== events.length) throw new Error('an event is stored that the model finds invalid');
  return history;
}
