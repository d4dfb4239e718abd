/**
 * Calls to the file system that several parts of the file storage make.
 *
 * @module
 */
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/** Whether an error of the file system has this code, such as `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** What an error says. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What `look` gives, or null where the file that it looks for does not exist. Any other failure is thrown. */
export function ifPresent<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Does something with an open file, and closes it. */
export function withFile<T>(file: string, flags: string | number, work: (descriptor: number) => T): T {
  const descriptor = fs.openSync(file, flags);
  try {
    return work(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Makes the names in the folder of a file durable. */
export function syncFolderOf(file: string): void {
  // Windows has no handle on folders to sync, and journals names by itself.
  if (process.platform === 'win32') return;
  withFile(path.dirname(file), 'r', (descriptor) => fs.fsyncSync(descriptor));
}

/** Removes a file that may be missing, and that does no harm if it stays. */
export function removeQuietly(file: string): void {
  try {
    fs.rmSync(file, { force: true });
  } catch {
    // The next publish removes it, or reports why it cannot.
  }
}

/** A second name for a file, in the place of an older one: that costs the same whatever its size. */
export function linkOver(file: string, name: string): void {
  const link = `${name}.new`;
  fs.rmSync(link, { force: true });
  try {
    fs.linkSync(file, link);
    fs.renameSync(link, name);
  } finally {
    // Renaming does nothing where both names are of one file already, after a publish that failed.
    removeQuietly(link);
  }
}
