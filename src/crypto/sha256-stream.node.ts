/**
 * Incremental SHA-256 for Node, Deno and Bun: the platform's own, which uses the processor's instructions for it.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import type { CreateSha256 } from './sha256-stream.js';

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
