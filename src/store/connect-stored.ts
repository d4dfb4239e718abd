/**
 * A connection to what stands in a database file: its image, brought up to where its journal leads.
 *
 * @module
 */
import { CorruptDatabaseError } from '../errors.js';
import { connectImage } from './connect-image.js';
import type { Connection } from './connection.js';
import type { StoredDatabase } from './file-storage.js';
import { type ImageName, imageNameOf } from './image-name.js';
import { readJournal } from './journal/journal-format.js';
import { replay } from './journal/replay.js';
import type { SqlJs } from './sql-js.js';
import type { SqlJsConnection } from './sql-js-connection.js';

/** See {@link replayStored}. */
export interface ReplayedDatabase {
  /** The image's name; null where it has none. */
  readonly imageName: ImageName | null;
  /** How many transactions came from the journal. */
  readonly replayed: number;
}

/** See {@link connectStored}. */
export interface ConnectedDatabase extends ReplayedDatabase {
  readonly connection: SqlJsConnection;
}

/**
 * Brings a connection to an image to where the image's journal leads.
 *
 * @param name names the database in an error's message
 * @throws CorruptDatabaseError if the journal is damaged, or of another image that says that it is this one
 */
export function replayStored(connection: Connection, stored: StoredDatabase, name: string): ReplayedDatabase {
  const imageName = imageNameOf(connection, stored.image);
  if (stored.journal === null || imageName === null) return { imageName, replayed: 0 };
  const { bodies, damage } = readJournal(stored.journal, imageName);
  if (damage !== null) {
    throw new CorruptDatabaseError(`the journal of ${name} is damaged (${damage}); it was left as it is`);
  }
  replay(connection, bodies, name);
  return { imageName, replayed: bodies.length };
}

/**
 * @param name names the database in an error's message
 * @throws CorruptDatabaseError if image or journal is damaged, or of another application or a newer schema
 */
export function connectStored(sqlJs: SqlJs, stored: StoredDatabase, name: string): ConnectedDatabase {
  const connection = connectImage(sqlJs, stored.image, name);
  try {
    return { connection, ...replayStored(connection, stored, name) };
  } catch (error) {
    connection.close();
    throw error;
  }
}

/**
 * The image of the state before the damage, where the image is good and the journal is damaged from somewhere on.
 *
 * @param name names the database in an error's message
 * @throws CorruptDatabaseError if the image is damaged, or what precedes the damage does not fit it
 */
export function salvage(sqlJs: SqlJs, { image, journal }: StoredDatabase, name: string): Uint8Array {
  const connection = connectImage(sqlJs, image, name);
  try {
    const imageName = imageNameOf(connection, image);
    if (journal !== null && imageName !== null) replay(connection, readJournal(journal, imageName).bodies, name);
    return connection.export();
  } finally {
    connection.close();
  }
}
