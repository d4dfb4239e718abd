/**
 * Where finished transactions go to stay: a file, a browser's storage, or nowhere.
 *
 * The database handle commits in memory first and then publishes. If that fails, it goes back to what was published last:
 * memory never runs ahead of the place where things stay.
 *
 * @module
 */
import type { SqlValue } from './sql-js.js';

/** Keeps a database's finished transactions. */
export interface Publisher {
  /** The absolute path of the database file; null where there is none. */
  readonly file: string | null;
  /** Takes note of a statement that was executed in the open transaction. Its parameters belong to the caller. */
  record(sql: string, params: readonly SqlValue[]): void;
  /** Forgets what was noted since the last publish: it was undone. */
  discard(): void;
  /**
   * Keeps what was committed since the last call. On return it is safe, or {@link durable} tells when it is.
   *
   * @param lineage names the sequence of states that the new one belongs to; 16 bytes
   * @throws MeshError if nothing was kept; the caller then calls {@link restore}
   */
  publish(lineage: Uint8Array): void;
  /** Keeps the whole database anew, after a change that no noted statement tells. As {@link publish} otherwise. */
  publishWhole(lineage: Uint8Array): void;
  /** Brings the connection back to what was published last. @throws if that cannot be known or read */
  restore(): void;
  /** Resolves when all that was published is safe; rejects if it could not be made so. */
  durable(): Promise<void>;
  /**
   * Gives up what keeps other writers away. The connection is still open.
   *
   * @param resumable whether the next opening may go on with the lineage that was published last
   */
  close(resumable: boolean): void;
  /**
   * Where {@link close} leaves something to be finished: resolves when that is done, rejects if what was published last
   * is lost. Absent where all is done when `close` returns.
   */
  closed?(): Promise<void>;
}

/** For a database that lives in memory only. */
export const MEMORY_ONLY: Publisher = {
  file: null,
  record() {},
  discard() {},
  publish() {},
  publishWhole() {},
  restore() {},
  async durable() {},
  close() {},
};
