/**
 * `controlServer`: has this peer's own server do something.
 *
 * @module
 */
import { openTransport } from '#wire-transport';
import { MeshError } from '../../errors.js';
import { requireMembership } from '../../mesh/group.js';
import { loadSigningKey } from '../../mesh/identity.js';
import type { MeshDatabase } from '../../store/database.js';
import { requireReachable } from '../client/peer-address.js';
import { Line } from '../client/peer-connection.js';
import { bodyLimit } from '../limits.js';
import { readAs } from '../protocol/response.js';
import { type Controls, readControlResult, writeControl } from './controls.js';
import { servingAt } from './serving-at.js';

/**
 * Has the server that holds this database do something.
 *
 * @param db may be opened read-only
 * @throws MeshError `not-serving` if none holds it; as what is asked for does, by its code; and as clients do
 */
export async function controlServer<N extends keyof Controls>(
  db: MeshDatabase,
  name: N,
  args: Controls[N]['args'],
): Promise<Controls[N]['result']> {
  const at = servingAt(db);
  if (at === null) throw new MeshError('not-serving', 'no server holds this database');
  const { id: groupId, self, roster } = requireMembership(db);
  // It listens on this machine, so that what it was allowed to speak goes over no other one's wire.
  const line = new Line(openTransport(requireReachable(at, { allowPlainHttp: true })), undefined);
  try {
    const caller = { signer: self.mid, signPriv: loadSigningKey(db) };
    const parts = () => ({ groupId, path: 'push' as const, args: writeControl(name, args), now: db.now() });
    const result = await line.call(caller, self, parts, bodyLimit(roster.members.length));
    return readAs('one to a control', () => readControlResult(name, result));
  } finally {
    line.close();
  }
}
