/**
 * What the suite is made of: areas of checks. A check throws where something is not as it must be, and records what
 * has to be the same bytes in every runtime.
 *
 * @module
 */

/** What a check is given when it runs. */
export interface CheckContext {
  /** An empty folder for database files, where the runtime has files and the program gave one; otherwise null. */
  readonly folder: string | null;
  /**
   * Adds a value that must be bit-identical in every runtime to the check's digest: signatures, identifiers, roots made
   * from fixed seeds; never anything random, timed or particular to a runtime.
   *
   * @param label says what it is; part of the digest
   */
  record(label: string, value: Uint8Array | string | number | boolean | null): void;
}

/** One check. Its name is the same in every runtime, and unique within its area. */
export interface Check {
  /** A sentence about behaviour, for the report. */
  readonly name: string;
  /** Throws, or rejects, where the behaviour is another one. */
  readonly run: (context: CheckContext) => void | Promise<void>;
}

/** Checks of one subject: a column of the matrix. */
export interface Area {
  /** A short name in lower case, such as `crypto`. */
  readonly name: string;
  readonly checks: readonly Check[];
}
