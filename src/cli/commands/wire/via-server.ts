/**
 * Work on a database that a server may hold: done here where the database is free, else by that server.
 *
 * @module
 */
import { DatabaseLockedError, type MeshDatabase, MeshError } from '../../../index.js';
import { type Controls, controlServer } from '../../../wire/index.js';
import type { CommandCall } from '../../command-call.js';

/**
 * Does some work on the database, or has the server do it that holds it.
 *
 * @param name what to ask the server for
 * @param work the same, on the database
 */
export async function viaServer<N extends keyof Controls, R extends Controls[N]['result']>(
  call: CommandCall,
  name: N,
  args: Controls[N]['args'],
  work: (db: MeshDatabase) => R,
): Promise<R | Controls[N]['result']> {
  try {
    return await call.withDatabase('write', work);
  } catch (error) {
    if (!(error instanceof DatabaseLockedError)) throw error;
    return call.withDatabase('read', (db) => askServer(db, name, args, error), { secrets: 'needed' });
  }
}

async function askServer<N extends keyof Controls>(
  db: MeshDatabase,
  name: N,
  args: Controls[N]['args'],
  locked: DatabaseLockedError,
): Promise<Controls[N]['result']> {
  try {
    return await controlServer(db, name, args);
  } catch (error) {
    // Whatever holds the database, it is no server: that it is held is all there is to say.
    if (error instanceof MeshError && ['not-serving', 'unreachable'].includes(error.code)) throw locked;
    throw error;
  }
}
