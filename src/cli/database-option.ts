/**
 * Which database file a command works on, and opening it.
 *
 * @module
 */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { type MeshDatabase, MeshError, openDatabase } from '../index.js';
import type { CommandIo } from './command-io.js';
import { CommandFailure, hintToSet, ioFailure } from './failure.js';
import { askPassphrase, firstPassphrase, passphraseFromFile } from './passphrase.js';

/** What a command wants of the database: only to look, to change it, or to make it if there is none. */
export type DatabaseAccess = 'read' | 'write' | 'create';

/** What else a command wants of the database. */
export interface DatabaseNeeds {
  /**
   * Whether it reads or writes secrets, for which the passphrase is needed; `wanted`: if nobody must be asked for it. Where
   * absent: needed if it wants to write.
   */
  readonly secrets?: 'needed' | 'wanted' | 'untouched';
  /** Whether a database that it makes gets a passphrase. With `ARBORIST_PASSPHRASE_FILE` it does anyway. */
  readonly newPassphrase?: boolean;
}

/** The file that `--db` names, else the variable `ARBORIST_DB`, else `arborist/mesh.db` in the user's data folder. */
export function locateDatabase(io: CommandIo, option: string | undefined): string {
  return option ?? (io.environment.ARBORIST_DB || defaultDatabase(io));
}

/**
 * Opens the database file. Where a file must exist and does not, none is made: a mistyped name shall not look like an
 * empty mesh.
 */
export async function openDatabaseFile(
  io: CommandIo,
  file: string,
  access: DatabaseAccess,
  { secrets = access === 'read' ? 'untouched' : 'needed', newPassphrase = false }: DatabaseNeeds = {},
): Promise<MeshDatabase> {
  if (access === 'create') {
    // Only the default folder is ours to make; any other is named by the user, who may have mistyped it.
    if (file === defaultDatabase(io)) makePrivateFolder(dirname(file));
  } else if (!existsSync(file)) {
    throw new CommandFailure(
      'no-database',
      `there is no database at ${file}`,
      'make one with: arborist mesh init, or: arborist mesh join',
    );
  }
  const readonly = access === 'read';
  if (secrets === 'untouched') return openDatabase({ file, readonly, locked: true });
  const passphrase = passphraseFromFile(io);
  if (passphrase !== undefined) return openDatabase({ file, readonly, passphrase });
  if (secrets === 'wanted') return openDatabase({ file, readonly, locked: true });
  if (newPassphrase && !existsSync(file)) return openDatabase({ file, passphrase: await firstPassphrase(io) });
  return openAsking(io, file, { readonly, newPassphrase });
}

/** How often a person may mistype. */
const ATTEMPTS = 3;

/** Opens a database, with the passphrase that a person at the terminal knows if it has one. */
async function openAsking(
  io: CommandIo,
  file: string,
  { readonly, newPassphrase }: { readonly readonly: boolean; readonly newPassphrase: boolean },
): Promise<MeshDatabase> {
  const db = await openDatabase({ file, readonly, locked: true });
  const { state } = db.secrets;
  if (state === 'plain' && !newPassphrase) return db;
  // Nobody else shall have to wait for the database as long as a person takes to type.
  db.close();
  if (state === 'plain') throw new CommandFailure('no-passphrase', `${file} exists, without a passphrase`, hintToSet);
  for (let attempt = 1; ; attempt++) {
    const passphrase = await askPassphrase(io, file);
    try {
      return await openDatabase({ file, readonly, passphrase });
    } catch (error) {
      const mistyped = error instanceof MeshError && ['wrong-passphrase', 'invalid-input'].includes(error.code);
      if (!mistyped || attempt === ATTEMPTS) throw error;
    }
  }
}

function makePrivateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw ioFailure(folder, error);
  }
}

function defaultDatabase(io: CommandIo): string {
  return join(dataFolder(io), 'arborist', 'mesh.db');
}

/** Where the platform wants a program to keep its data; on Unix as in the XDG Base Directory Specification. */
function dataFolder({ environment, platform, homeFolder }: CommandIo): string {
  const { XDG_DATA_HOME, LOCALAPPDATA } = environment;
  if (platform === 'win32') return LOCALAPPDATA || join(homeFolder, 'AppData', 'Local');
  if (platform === 'darwin') return join(homeFolder, 'Library', 'Application Support');
  // The specification wants a relative path to be ignored.
  return XDG_DATA_HOME !== undefined && isAbsolute(XDG_DATA_HOME) ? XDG_DATA_HOME : join(homeFolder, '.local', 'share');
}
