/**
 * Incremental SHA-256 over the WebAssembly core, for runtimes without a synchronous hash of their own. The core has room
 * for one state: it is put back before each call and taken out after it.
 *
 * @module
 */
import { core } from './core.js';
import { absorb, sha256 } from './sha256.js';
import type { CreateSha256, Sha256Of } from './sha256-stream.js';
import { HASH_STATE, RESULT, takeFromWindow } from './window.js';

const STATE_LENGTH = 128;
const DIGEST_LENGTH = 32;

/** Starts an incremental SHA-256. */
export const createSha256: CreateSha256 = () => {
  const { call, memory, window } = core();
  const address = window + HASH_STATE;
  call.sha256Start(address);
  const state = takeFromWindow(HASH_STATE, STATE_LENGTH);
  return {
    update(bytes) {
      memory.set(state, address);
      absorb(bytes);
      state.set(takeFromWindow(HASH_STATE, STATE_LENGTH));
    },
    digest() {
      memory.set(state, address);
      call.sha256Finish(address, window + RESULT);
      return takeFromWindow(RESULT, DIGEST_LENGTH);
    },
  };
};

/** SHA-256 of two parts, one after the other; 32 bytes. */
export const sha256Of: Sha256Of = sha256;
