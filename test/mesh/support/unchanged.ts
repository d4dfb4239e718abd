/** That a refusal changes nothing: the exported database before and after, byte for byte. */
import { expect } from 'vitest';
import { type MeshDatabase, MeshError } from '../../../src/index.js';
import { expectSameBytes } from '../../support/expect-bytes.js';

/** The typed error that `work` throws; it must leave the database exactly as it was. */
export function refusal(db: MeshDatabase, work: () => unknown): MeshError {
  const before = db.export();
  let thrown: unknown;
  try {
    work();
  } catch (error) {
    thrown = error;
  }
  expectSameBytes(db.export(), before, () => 'the database after a refusal');
  expect(thrown).toBeInstanceOf(MeshError);
  return thrown as MeshError;
}

/** Runs `work`, which must leave the database exactly as it was, and gives its result. */
export function unchanged<T>(db: MeshDatabase, work: () => T): T {
  const before = db.export();
  const result = work();
  expectSameBytes(db.export(), before, () => 'the database after what must not change it');
  return result;
}
