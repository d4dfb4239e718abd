/**
 * Recovering a database whose file is damaged or gone, from the image before or from a backup. What stood in the file
 * is kept under another name.
 *
 * @module
 */
import { openDatabaseFile } from '#file-storage';
import { CorruptDatabaseError, InvalidInputError } from '../errors.js';
import { connectStored, salvage } from './connect-stored.js';
import type { DatabaseFile, StoredDatabase } from './file-storage.js';
import { type PlaceName, requirePlaceName } from './place-name.js';
import { loadSqlJs, type SqlJs } from './sql-js.js';

/** What stands in a file. */
export interface ExaminedFile {
  /** Absolute; of a database in a browser, what messages call it. */
  readonly path: string;
  readonly state: 'good' | 'damaged' | 'missing';
  /** What is wrong with a damaged one, in one line; else null. */
  readonly problem: string | null;
  /** Its size in bytes, with its journal; 0 where it is missing. */
  readonly size: number;
}

/** What {@link recoverDatabase} found, and did or would do. */
export interface Recovery {
  readonly file: ExaminedFile;
  /** Where a good image was looked for: the file itself where only its journal is damaged. */
  readonly source: ExaminedFile;
  /** `none`: the file is good; `replace`: the source takes its place; `impossible`: the source is not good either. */
  readonly action: 'none' | 'replace' | 'impossible';
  /** Whether the file was replaced. */
  readonly done: boolean;
  /** Where what stood in the file is kept since; null where nothing was moved. */
  readonly kept: string | null;
}

/** See {@link recoverDatabase}. */
export interface RecoverOptions {
  /** The path of a backup that shall take the file's place, even if the file is good. `FILE.bak` where absent. */
  readonly from?: string;
  /** Whether only to look. */
  readonly dryRun?: boolean;
  /** An initialized sql.js (1.10 or later), where the package's own cannot be loaded. */
  readonly sqlJs?: SqlJs;
}

interface Examined {
  readonly report: ExaminedFile;
  /** The image, if it is good. */
  readonly image: Uint8Array | null;
  /** Where only the journal is damaged, the image of the state before the damage. */
  readonly salvaged?: Uint8Array;
}

function salvaged(sqlJs: SqlJs, stored: StoredDatabase, path: string): { readonly salvaged?: Uint8Array } {
  try {
    return stored.journal === null ? {} : { salvaged: salvage(sqlJs, stored, path) };
  } catch (error) {
    if (error instanceof CorruptDatabaseError) return {};
    throw error;
  }
}

function examine(sqlJs: SqlJs, file: DatabaseFile): Examined {
  const { path } = file;
  const stored = file.read();
  if (stored === null) return { report: { path, state: 'missing', problem: null, size: 0 }, image: null };
  const size = stored.image.length + (stored.journal?.length ?? 0);
  try {
    const { connection, replayed } = connectStored(sqlJs, stored, path);
    try {
      const image = replayed === 0 ? stored.image : connection.export();
      return { report: { path, state: 'good', problem: null, size }, image };
    } finally {
      connection.close();
    }
  } catch (error) {
    if (!(error instanceof CorruptDatabaseError)) throw error;
    const report = { path, state: 'damaged', problem: error.message, size } as const;
    return { report, image: null, ...salvaged(sqlJs, stored, path) };
  }
}

function examineSource(sqlJs: SqlJs, path: string): Examined {
  const file = openDatabaseFile(path, { readonly: true });
  try {
    return examine(sqlJs, file);
  } finally {
    file.close(false);
  }
}

/** The file itself as a source, up to where its journal is damaged: never older than `FILE.bak`. */
function beforeDamage({ report, salvaged }: Examined): Examined | null {
  if (salvaged === undefined) return null;
  return { report: { ...report, state: 'good', problem: null, size: salvaged.length }, image: salvaged };
}

function requirePath(name: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') throw new InvalidInputError(`${name} must be a path`);
}

async function recoverInBrowser(place: PlaceName, { from, dryRun = false, sqlJs }: RecoverOptions): Promise<Recovery> {
  requirePlaceName(place);
  if ((place.indexedDB ?? place.opfs) === undefined) throw new InvalidInputError('indexedDB or opfs must be given');
  if (from !== undefined) {
    throw new InvalidInputError(
      'from must be a path, so it goes with a file: delete the database, and open it from bytes',
    );
  }
  const { recoverPlace } = await import('./browser/recover-place.js');
  return recoverPlace(sqlJs ?? (await loadSqlJs()), place, dryRun);
}

/**
 * Puts the image before (`FILE.bak`, with its journal), or a backup, in place of a database file that is damaged or gone.
 * Where only the journal is damaged, the file's own state before the damage takes its place. What stood in the file is kept under the name that the result tells. What was done after the source was made is
 * lost; peers bring back events and messages, and this one begins a new gossip stream.
 *
 * A database in a browser keeps the image before without its journal, and nothing of what was damaged.
 *
 * @param file the path of the database, or its name in a browser
 * @returns what was found, and what was or would be done
 * @throws InvalidInputError naming the argument
 * @throws DatabaseLockedError if the file is open for writing, unless `dryRun`
 * @throws MeshError `no-file-system`, `file-unavailable`, `publish-failed`, `publish-uncertain`, `sqlite-unavailable`
 */
export async function recoverDatabase(file: string | PlaceName, options: RecoverOptions = {}): Promise<Recovery> {
  const { from, dryRun = false } = options;
  if (typeof file === 'object' && file !== null) return recoverInBrowser(file, options);
  requirePath('file', file);
  if (from !== undefined) requirePath('from', from);
  const sqlJs = options.sqlJs ?? (await loadSqlJs());
  const target = openDatabaseFile(file, { readonly: dryRun });
  try {
    const present = examine(sqlJs, target);
    const source = (from === undefined && beforeDamage(present)) || examineSource(sqlJs, from ?? target.previous);
    const reports = { file: present.report, source: source.report };
    if (present.image !== null && from === undefined) return { ...reports, action: 'none', done: false, kept: null };
    if (source.image === null) return { ...reports, action: 'impossible', done: false, kept: null };
    const kept = dryRun ? null : target.replace(source.image, { keep: true });
    return { ...reports, action: 'replace', done: !dryRun, kept };
  } finally {
    target.close(false);
  }
}
