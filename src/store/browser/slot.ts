/**
 * A slot: a file that holds one version of a database image, and a header from which can be told whether it is whole.
 *
 * The header is `magic (16) ‖ generation (8) ‖ length (8) ‖ token (16) ‖ seal (32) ‖ check (32)`; numbers with the most
 * significant byte first. The seal is the SHA-256 of what stands before it and of the SHA-256 of each block of the image,
 * the check that of the header up to there. The image follows at {@link IMAGE_OFFSET}.
 *
 * The header is wiped before a slot is written, and is written when the rest is on disk. So a slot without a good header is
 * one that was never finished; one whose image does not fit its header was damaged afterwards.
 *
 * @module
 */
import { equalBytes, utf8 } from '../../bytes.js';
import { sha256 } from '../../crypto/sha256.js';
import { blockCount, blockOf } from './blocks.js';
import { TOKEN_BYTES } from './store-token.js';

const MAGIC = utf8('arborist-slot/1\n');
const GENERATION_OFFSET = 16;
const LENGTH_OFFSET = 24;
const TOKEN_OFFSET = 32;
const SEAL_OFFSET = 48;
const CHECK_OFFSET = 80;
/** The length of the header. */
export const HEADER_BYTES = 112;
const DIGEST_BYTES = 32;

/** Where the image begins: on a page of every storage device. */
export const IMAGE_OFFSET = 4_096;

/** A whole slot. */
export interface Slot {
  /** 112 bytes. */
  readonly header: Uint8Array;
  /** Counts publishes; the higher one of two slots counts. */
  readonly generation: number;
  /** Names the store that the slot belongs to; 16 bytes. */
  readonly token: Uint8Array;
  readonly image: Uint8Array;
  /** The SHA-256 of each block, one after the other. */
  readonly digests: Uint8Array;
}

/**
 * The slot that is to hold an image.
 *
 * @param before the slot whose digests hold for all blocks but the changed ones; null where all are new
 * @param changed indexes of blocks
 */
export function sealSlot(
  { generation, token, image }: Pick<Slot, 'generation' | 'token' | 'image'>,
  before: Slot | null,
  changed: readonly number[],
): Slot {
  const digests = new Uint8Array(blockCount(image.length) * DIGEST_BYTES);
  if (before !== null) digests.set(before.digests.subarray(0, digests.length));
  for (const index of changed) digests.set(sha256(blockOf(image, index)), index * DIGEST_BYTES);
  const header = new Uint8Array(HEADER_BYTES);
  header.set(MAGIC);
  const view = new DataView(header.buffer);
  view.setBigUint64(GENERATION_OFFSET, BigInt(generation));
  view.setBigUint64(LENGTH_OFFSET, BigInt(image.length));
  header.set(token, TOKEN_OFFSET);
  header.set(sha256(header.subarray(0, SEAL_OFFSET), digests), SEAL_OFFSET);
  header.set(sha256(header.subarray(0, CHECK_OFFSET)), CHECK_OFFSET);
  return { header, generation, token, image, digests };
}

/** Reads the content of a slot's file; null if it is not whole. */
export function parseSlot(bytes: Uint8Array): Slot | null {
  if (bytes.length < IMAGE_OFFSET || generationIn(bytes) < 0) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = Number(view.getBigUint64(LENGTH_OFFSET));
  const generation = Number(view.getBigUint64(GENERATION_OFFSET));
  if (length > bytes.length - IMAGE_OFFSET || !Number.isSafeInteger(generation)) return null;
  const image = bytes.subarray(IMAGE_OFFSET, IMAGE_OFFSET + length);
  const token = bytes.slice(TOKEN_OFFSET, TOKEN_OFFSET + TOKEN_BYTES);
  const all = Array.from({ length: blockCount(length) }, (_, index) => index);
  const slot = sealSlot({ generation, token, image }, null, all);
  return equalBytes(slot.header, bytes.subarray(0, HEADER_BYTES)) ? slot : null;
}

/** The generation of a slot, from the beginning of its file; -1 if it was never finished. */
export function generationIn(start: Uint8Array): number {
  if (start.length < HEADER_BYTES || !equalBytes(start.subarray(0, MAGIC.length), MAGIC)) return -1;
  const check = sha256(start.subarray(0, CHECK_OFFSET));
  if (!equalBytes(check, start.subarray(CHECK_OFFSET, HEADER_BYTES))) return -1;
  return Number(new DataView(start.buffer, start.byteOffset, start.length).getBigUint64(GENERATION_OFFSET));
}

/** What tells this version of a store from every other: the seal, 32 bytes. */
export function sealOf(slot: Slot): Uint8Array {
  return slot.header.subarray(SEAL_OFFSET, CHECK_OFFSET);
}
