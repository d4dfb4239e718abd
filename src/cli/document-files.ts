/**
 * The documents that a command line names: files, and folders with all that is in them.
 *
 * @module
 */
import { createReadStream, readdirSync, type Stats, statSync } from 'node:fs';
import { basename, sep } from 'node:path';
import { ioFailure } from './failure.js';

/** A file to be read as a document. */
export interface DocumentFile {
  /** How the system finds it. */
  readonly path: string;
  /** Its size in bytes, before it is read. */
  readonly size: number;
  /** Its place below the folder that was named, with slashes; null if the file itself was named. */
  readonly below: string | null;
}

/** A file or folder that is named and cannot be read. */
interface UnreadableFile {
  readonly path: string;
  readonly error: unknown;
}

/** What was found under a name. */
export type FoundFile = DocumentFile | UnreadableFile;

/**
 * The files named, and those in folders named: in the order of the arguments, and within a folder in that of the names'
 * UTF-16 code units, on every system. In folders, names that begin with a dot are passed over, and links to folders, which
 * may lead in circles.
 */
export function* findFiles(paths: readonly string[]): Iterable<FoundFile> {
  for (const path of paths) yield* find(path, null);
}

function* find(path: string, below: string | null): Iterable<FoundFile> {
  let found: Stats;
  try {
    found = statSync(path);
    if (!found.isDirectory()) {
      yield { path, size: found.size, below };
      return;
    }
  } catch (error) {
    yield { path, error: ioFailure(path, error) };
    return;
  }
  yield* findBelow(path, below === null ? '' : `${below}/`);
}

function* findBelow(folder: string, prefix: string): Iterable<FoundFile> {
  let entries: ReturnType<typeof entriesOf>;
  try {
    entries = entriesOf(folder);
  } catch (error) {
    yield { path: folder, error: ioFailure(folder, error) };
    return;
  }
  for (const { name, isFolder, isLink } of entries) {
    const path = `${folder.endsWith(sep) || folder.endsWith('/') ? folder : folder + sep}${name}`;
    if (isFolder || !isLink || isFile(path)) yield* find(path, prefix + name);
  }
}

function entriesOf(folder: string) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.') && (entry.isFile() || entry.isDirectory() || entry.isSymbolicLink()))
    .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory(), isLink: entry.isSymbolicLink() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A link that leads nowhere counts as a file: it is reported. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true;
}

/** How much is read at a time: as much as the file has, since there may be very many small ones, within these limits. */
const leastPiece = 16_384;
const mostPiece = 1_048_576;

/** How a file is read. */
interface ReadPiecesOptions {
  /** The file's size before it is read, where it is known. */
  readonly size?: number;
  /** Called with the length of each piece. */
  readonly onPiece?: (length: number) => void;
}

/** The file's bytes, piece by piece. */
export async function* readPieces(
  path: string,
  { size = mostPiece, onPiece }: ReadPiecesOptions = {},
): AsyncGenerator<Uint8Array> {
  try {
    const highWaterMark = Math.max(leastPiece, Math.min(size + 1, mostPiece));
    for await (const piece of createReadStream(path, { highWaterMark })) {
      onPiece?.((piece as Uint8Array).length);
      yield piece as Uint8Array;
    }
  } catch (error) {
    throw ioFailure(path, error);
  }
}

/**
 * Under which URI a file is recorded. Without `--uri`: the path as it was written, with slashes. With it, a file that is
 * named alone has just that URI; others stand below it, with their place in the folder or their own name.
 */
export function uriOf({ path, below }: DocumentFile, base: string | undefined, isAlone: boolean): string {
  const name = path.replaceAll(sep, '/').replace(/^(?:\.\/+)+/, '');
  if (base === undefined) return name.normalize('NFC');
  if (isAlone && below === null) return base;
  return `${base.endsWith('/') ? base : `${base}/`}${(below ?? basename(path)).normalize('NFC')}`;
}
