/**
 * Which database file a command works on, and opening it.
 *
 * @module
 */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { type MeshDatabase, openDatabase } from '../index.js';
import type { CommandIo } from './command-io.js';
import { CommandFailure, ioFailure } from './failure.js';

/** What a command wants of the database: only to look, to change it, or to make it if there is none. */
export type DatabaseAccess = 'read' | 'write' | 'create';

/** The file that `--db` names, else the variable `ARBORIST_DB`, else `arborist/mesh.db` in the user's data folder. */
export function locateDatabase(io: CommandIo, option: string | undefined): string {
  return option ?? (io.environment.ARBORIST_DB || defaultDatabase(io));
}

/**
 * Opens the database file. Where a file must exist and does not, none is made: a mistyped name shall not look like an
 * empty mesh.
 */
export async function openDatabaseFile(io: CommandIo, file: string, access: DatabaseAccess): Promise<MeshDatabase> {
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
  return openDatabase({ file, readonly: access === 'read' });
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
