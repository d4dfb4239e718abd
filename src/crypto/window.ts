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

/** Up to this length views of texts are kept: a kibibyte and its tag. */
const VIEW_CAPACITY = 1040;

/**
 * Views of the first bytes of the window, by their number. To make one anew takes twice as long as to copy 64 bytes, and
 * from a view V8 makes a fresh array of 80 bytes in three quarters of the time that `slice` takes.
 */
const views = new Array<Uint8Array | undefined>(VIEW_CAPACITY + 1);

/** The first `length` bytes of the window, which is where texts are. */
function textView(length: number): Uint8Array {
  const { memory, window } = core();
  if (length > VIEW_CAPACITY) return memory.subarray(window, window + length);
  views[length] ??= memory.subarray(window, window + length);
  return views[length];
}

/** Copies the first `length` bytes of text out of the window: into `output`, which has as many, or a fresh array. */
export function copyText(length: number, output?: Uint8Array): Uint8Array {
  const text = textView(length);
  if (output === undefined) return new Uint8Array(text);
  output.set(text);
  return output;
}

/** {@link copyText}, and wipes the text in the window. */
export function takeText(length: number, output?: Uint8Array): Uint8Array {
  const bytes = copyText(length, output);
  const { call, window } = core();
  call.wipe(window, length);
  return bytes;
}

/** Copies `length` bytes at an offset out of the window, and wipes them there. */
export function takeFromWindow(offset: number, length: number): Uint8Array {
  const { call, memory, window } = core();
  const start = window + offset;
  const bytes = memory.slice(start, start + length);
  call.wipe(start, length);
  return bytes;
}
