/**
 * Incremental SHA-256 for Node, Deno and Bun: the platform's own, which uses the processor's instructions for it.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { sha256 } from './sha256.js';
import type { CreateSha256, Sha256Of } from './sha256-stream.js';

/** A hash of the platform is an object that costs a microsecond or two; below this length the core is faster. */
const SHORT = 512;

/** Starts an incremental SHA-256. */
export const createSha256: CreateSha256 = () => {
  const hash = createHash('sha256');
  return {
    update(bytes) {
      hash.update(bytes);
    },
    digest: () => new Uint8Array(hash.digest()),
  };
};

/** SHA-256 of two parts, one after the other; 32 bytes. */
export const sha256Of: Sha256Of = (prefix, bytes) =>
  bytes.length < SHORT
    ? sha256(prefix, bytes)
    : new Uint8Array(createHash('sha256').update(prefix).update(bytes).digest());
