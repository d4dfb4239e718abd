/**
 * Brings a database from its image to the state that its journal leads to.
 *
 * @module
 */
import { CodecError, CorruptDatabaseError, MeshError } from '../../errors.js';
import type { Connection } from '../connection.js';
import { StatementDecoder } from './statements.js';

/**
 * Executes the transactions of a journal.
 *
 * @param name names the database in an error's message
 * @throws CorruptDatabaseError if one of them cannot have come from this database
 */
export function replay(connection: Connection, bodies: readonly Uint8Array[], name: string): void {
  const decoder = new StatementDecoder();
  for (const [number, body] of bodies.entries()) {
    try {
      const statements = decoder.decode(body);
      connection.begin();
      for (const { sql, params } of statements) connection.run(sql, params);
      connection.commit();
    } catch (cause) {
      const reason = cause instanceof CodecError || cause instanceof MeshError ? cause.message : String(cause);
      throw new CorruptDatabaseError(`the journal of ${name} does not fit it (entry ${number}: ${reason})`, { cause });
    }
  }
}
