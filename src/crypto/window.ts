/**
 * How the facade lays out the core's argument window (`assembly/memory.ts`) for ciphers and hashes: text in the first
 * 64 KiB, small things behind it. Offsets are from the window's start.
 *
 * @module
 */
import { core } from './core.js';

/** Bytes of text, or of whatever streams through, from offset 0. A tag of 16 bytes may follow. */
export const TEXT_CAPACITY = 65536;

/** 32 bytes: the key of a cipher. */
export const KEY = TEXT_CAPACITY + 64;

/** Up to 24 bytes: its nonce. */
export const NONCE = KEY + 32;

/** Associated data of a message that does not stream. */
export const DATA = NONCE + 32;

/** Bytes that `DATA` has room for. */
export const DATA_CAPACITY = 7680;

/** 160 bytes: the state of a hash or MAC. */
export const HASH_STATE = DATA + DATA_CAPACITY;

/** 32 bytes: a digest, a MAC or another result. */
export const RESULT = HASH_STATE + 160;

/** 64 bytes: the key of a MAC. */
export const MAC_KEY = RESULT + 32;

/** Copies `length` bytes at an offset out of the window: into `output`, which has as many, or a fresh array. */
export function copyFromWindow(offset: number, length: number, output?: Uint8Array): Uint8Array {
  const { memory, window } = core();
  const start = window + offset;
  if (output === undefined) return memory.slice(start, start + length);
  output.set(memory.subarray(start, start + length));
  return output;
}

/** {@link copyFromWindow}, and wipes the bytes in the window. */
export function takeFromWindow(offset: number, length: number, output?: Uint8Array): Uint8Array {
  const bytes = copyFromWindow(offset, length, output);
  const { call, window } = core();
  call.wipe(window + offset, length);
  return bytes;
}
