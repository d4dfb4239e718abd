/**
 * What the store needs of a runtime's own SQLite. The package's `#native-sqlite` import chooses what gives it: `node:sqlite` in
 * Node and Deno, `bun:sqlite` in Bun, and elsewhere an error that says so.
 *
 * @module
 */
import { MeshError } from '../../errors.js';

/** A value as these drivers take it. Integers go in as big integers, or some drivers would store them as floating point. */
export type NativeValue = bigint | number | string | Uint8Array | null;

/** A prepared statement. Integers come out as numbers. */
export interface NativeStatement {
  run(...params: NativeValue[]): unknown;
  get(...params: NativeValue[]): unknown;
  all(...params: NativeValue[]): unknown[];
}

/** An open database file. */
export interface NativeDatabase {
  prepare(sql: string): NativeStatement;
  /** Executes a script of several statements. */
  exec(sql: string): unknown;
  close(): void;
}

/** Opens a file that exists. */
export type OpenNative = (file: string, options: { readonly readonly: boolean }) => NativeDatabase;

/** Finds the runtime's SQLite. @throws MeshError `no-native-sqlite` */
export type LoadNativeSqlite = () => Promise<OpenNative>;

/** The error where there is none. */
export function noNativeSqlite(cause?: unknown): MeshError {
  return new MeshError(
    'no-native-sqlite',
    'this runtime offers no SQLite of its own: Node from 22.13 on, Deno from 2.2 on with --allow-all, and Bun do; ' +
      "open the file without driver: 'native'",
    { cause },
  );
}
