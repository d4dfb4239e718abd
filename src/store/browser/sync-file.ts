/**
 * The part of the File System API's synchronous access that the store uses. Dedicated workers have it only, and
 * TypeScript's types for pages lack it.
 *
 * @module
 */

/** A `FileSystemSyncAccessHandle`. While it is open, no other one for the same file can be. */
export interface SyncFile {
  /** Returns the bytes read. */
  read(into: Uint8Array, options: { readonly at: number }): number;
  /** Returns the bytes written. */
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  truncate(size: number): void;
  flush(): void;
  getSize(): number;
  close(): void;
}

/** All that a file holds. */
export function readWhole(file: SyncFile): Uint8Array {
  return readStart(file, file.getSize());
}

/** The first bytes of a file: `length` of them, or fewer where it is shorter. */
export function readStart(file: SyncFile, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, file.read(bytes, { at: 0 }));
}

/** Writes all of the bytes. @throws DOMException `QuotaExceededError`, and others, as the browser does */
export function writeAll(file: SyncFile, bytes: Uint8Array, at: number): void {
  const written = file.write(bytes, { at });
  // The standard lets a full disk shorten a write.
  if (written !== bytes.length) throw new DOMException('the write was cut short', 'QuotaExceededError');
}
