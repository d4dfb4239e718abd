/**
 * What the store needs of a file system. The implementation is chosen by the package's `#file-storage` import: one for
 * Node, Deno and Bun, and one for everywhere else that says so.
 *
 * @module
 */

/** How to open a {@link DatabaseFile}. */
interface DatabaseFileOptions {
  /** Takes no lock and never writes. */
  readonly readonly: boolean;
}

/** What stands in a database file. */
export interface StoredDatabase {
  readonly image: Uint8Array;
  /** What stands in the journal beside it, which may be left over from an older image; null where there is none. */
  readonly journal: Uint8Array | null;
}

/** A database file that the runtime's own SQLite changes in place. */
export interface InPlaceFile {
  /** Absolute, with symbolic links resolved. */
  readonly path: string;
  /** The first 512 bytes, or as many as there are; null where there is no file. */
  head(): Uint8Array | null;
  /** Whether something stands in the journal that another driver keeps beside the file. */
  hasJournal(): boolean;
  /** As {@link DatabaseFile.resume} does; any token that is not of this file is taken for that of one changed in place. */
  resume(token: string): boolean;
  /** Leaves the mark of having been closed properly, which {@link resume} finds. */
  leaveMark(): void;
  /** Takes what the file is now for what we made of it. @throws MeshError `publish-uncertain` */
  observe(): void;
  /** @throws MeshError `file-changed` if it is no longer what was observed */
  requireUnchanged(): void;
  /** Puts a copy of the file in its place, and keeps the file itself as `FILE.bak`. @throws MeshError `publish-failed` */
  moveToNewFile(): void;
  /** The bytes of a copy that `write` makes under the name that it is given. @throws MeshError `publish-failed` */
  collect(write: (temporary: string) => void): Uint8Array;
  /** Makes a copy that `write` makes `FILE.bak`. @throws MeshError `publish-failed` */
  replacePrevious(write: (temporary: string) => void): void;
}

/** What a database in memory is published to: a file, or a browser's storage. While open for writing it is locked. */
export interface ImageStore {
  /** Of a file: absolute, with symbolic links resolved. Else what messages call it. */
  readonly path: string;
  /**
   * The image, and the journal, as last read or written through this object; null where there is none yet.
   *
   * @throws MeshError `file-changed` if they are no longer that; `file-unavailable`; `needs-native-sqlite` if SQLite has left
   *   a log beside the file
   */
  read(): StoredDatabase | null;
  /**
   * Whether this is the very store that an image with this token was published to, was closed properly since, and is so
   * held by nobody but us. True once only: until it is closed properly again the store counts as one that was not.
   *
   * @param token as {@link publish} handed it out
   */
  resume(token: string): boolean;
  /**
   * Replaces the image, and keeps the one before. On return the new one is on disk, or {@link durable} tells when it is; on
   * `publish-failed` and `file-changed` the old one still is.
   *
   * @throws MeshError `publish-failed`, `quota-exceeded`, `file-changed`; `publish-uncertain` if nobody can know which one
   *   is there, after which nothing but `close` works
   * @param render makes the image, given the token of the store that it will be in; null where there can be none
   */
  publish(render: (token: string | null) => Uint8Array): void;
  /**
   * Adds to the journal, and begins one where there is none of the present image. On return the bytes are on disk, or
   * {@link durable} tells when they are; on `publish-failed` and `file-changed` nothing is.
   *
   * @throws MeshError as {@link publish} does
   */
  append(bytes: Uint8Array): void;
  /** Where writing goes on behind: resolves when all is on disk, rejects if it could not be written. */
  durable?(): Promise<void>;
  /**
   * Gives up the lock.
   *
   * @param resumable whether {@link resume} shall find the store as closed properly
   */
  close(resumable: boolean): void;
  /** Where writing goes on behind: resolves when {@link close} has come to its end, rejects if something was lost. */
  closed?(): Promise<void>;
}

/** A file that holds a database image, replaced as a whole. {@link publish} keeps the one before, with its journal. */
export interface DatabaseFile extends ImageStore {
  /** Where the image before is kept: `FILE.bak`. */
  readonly previous: string;
  /**
   * Replaces whatever the file holds by an image of another file.
   *
   * @param options `keep`: whether what it held is kept under another name
   * @returns that name; null where nothing was kept
   * @throws MeshError as {@link publish} does
   */
  replace(image: Uint8Array, options: { readonly keep: boolean }): string | null;
  /** The same file, for SQLite to change in place under the same lock. */
  inPlace(): InPlaceFile;
}

/** Opens a file. @throws DatabaseLockedError if another database object has it open for writing */
export type OpenDatabaseFile = (file: string, options: DatabaseFileOptions) => DatabaseFile;
