/**
 * A lock file that survives crashes: it names its holder, so that whoever finds the holder gone can take it over.
 *
 * The file appears with its content, by `link` of a finished file, which fails if the name is taken. Each lock has a
 * random id. A stale one is removed under a second lock that is named after that id, and only while the file still
 * carries it: of two processes that find the same stale lock, the slower cannot remove what the faster has put in its
 * place.
 *
 * @module
 */
import fs from 'node:fs';
import process from 'node:process';
import { randomBytes } from '../../crypto/random.js';
import { DatabaseLockedError, MeshError } from '../../errors.js';
import { livenessOf, ownIdentity, type ProcessIdentity } from './process-identity.js';

/** A lock that this process holds. */
export interface FileLock {
  /** Gives it up. Calling it again does nothing. */
  release(): void;
}

interface LockContent extends ProcessIdentity {
  /** 16 random bytes in hexadecimal. */
  readonly id: string;
}

/** Others may take and release the lock between two of our steps, but not this often. */
const MAX_ATTEMPTS = 16;

const held = new Set<FileLock>();
let releasesAtExit = false;

function newId(): string {
  return Array.from(randomBytes(16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** The content of the lock file; null if there is none. */
function readLock(path: string): LockContent | null {
  let text: string;
  try {
    text = fs.readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  try {
    const content = JSON.parse(text) as Partial<LockContent>;
    if (typeof content.id === 'string' && /^[0-9a-f]{32}$/.test(content.id) && Number.isSafeInteger(content.pid)) {
      return content as LockContent;
    }
  } catch {
    // Not JSON: refused below like any other foreign content.
  }
  throw new DatabaseLockedError(`${path} is not a lock of this library; delete it if no program uses the database`);
}

/** Writes a file that is whole on disk before it gets its final name, even if the power fails in between. */
function writeWhole(path: string, text: string): void {
  const descriptor = fs.openSync(path, 'wx', 0o600);
  try {
    fs.writeFileSync(descriptor, text);
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

function tryLink(existing: string, path: string): boolean {
  try {
    fs.linkSync(existing, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function removeStale(path: string, stale: LockContent): void {
  const guard = acquireFileLock(`${path}.stale-${stale.id}`);
  try {
    if (readLock(path)?.id === stale.id) fs.unlinkSync(path);
  } finally {
    guard.release();
  }
}

/** Removes the lock at `path` if its holder is gone. @throws DatabaseLockedError if it runs, or may run */
function clearIfStale(path: string): void {
  const holder = readLock(path);
  if (holder === null) return;
  const liveness = livenessOf(holder);
  if (liveness === 'ended') {
    removeStale(path, holder);
  } else if (liveness === 'running') {
    throw new DatabaseLockedError(`the database is in use by process ${holder.pid} (lock file ${path})`);
  } else {
    throw new DatabaseLockedError(
      `the database is in use by process ${holder.pid} on ${holder.host ?? 'a machine without a name'}, which cannot be asked from here; ` +
        `if it has ended, delete ${path}`,
    );
  }
}

function heldLock(path: string, id: string): FileLock {
  const lock: FileLock = {
    release() {
      if (!held.delete(lock)) return;
      if (readLock(path)?.id === id) fs.unlinkSync(path);
    },
  };
  held.add(lock);
  if (!releasesAtExit) {
    releasesAtExit = true;
    process.on('exit', () => {
      for (const remaining of [...held]) remaining.release();
    });
  }
  return lock;
}

/**
 * Takes the lock, at once or not at all.
 *
 * @param path of the lock file
 * @throws DatabaseLockedError naming the process that holds it
 */
export function acquireFileLock(path: string): FileLock {
  // Most failures are found here, before anything is written.
  clearIfStale(path);
  const id = newId();
  const candidate = `${path}.new-${id}`;
  const content: LockContent = { id, ...ownIdentity() };
  writeWhole(candidate, `${JSON.stringify(content)}\n`);
  try {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      if (tryLink(candidate, path)) return heldLock(path, id);
      clearIfStale(path);
    }
    throw new MeshError('database-locked', `the lock file ${path} keeps changing hands`);
  } finally {
    fs.unlinkSync(candidate);
  }
}
