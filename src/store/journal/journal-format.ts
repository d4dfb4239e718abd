/**
 * The bytes of a journal: a header that names the image that it continues, then one entry for each transaction.
 *
 *     header   "arborist journal" ‖ version (4) ‖ image id (16) ‖ image digest (32)
 *     entry    image id (16) ‖ number from 0 (4) ‖ length of the body (4) ‖ check (32) ‖ body
 *     check    SHA-256(check of the entry before, or of the header ‖ number ‖ length ‖ body)
 *
 * An entry is on disk before the next one is begun. So an entry that is broken was never reported as done if nothing
 * follows it, and is dropped as torn; if a later one was begun, it was done, and the journal is damaged.
 *
 * @module
 */
import { concatBytes, equalBytes, utf8 } from '../../bytes.js';
import { sha256 } from '../../crypto/sha256.js';
import type { ImageName } from '../image-name.js';

const MAGIC = utf8('arborist journal');
const VERSION = 1;
const NUMBER_AND_LENGTH = 8;
const CHECK_LENGTH = 32;

/** What a journal holds. */
export interface JournalContent {
  /** The bodies of the entries that are whole, in their order. */
  readonly bodies: readonly Uint8Array[];
  /** What is wrong with what follows them; null if nothing is, or only a torn entry follows. */
  readonly damage: string | null;
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function headerOf({ id, digest }: ImageName): Uint8Array {
  return concatBytes(MAGIC, u32(VERSION), id, digest);
}

/** Where the marker stands, looked for from a position on; -1 if nowhere. */
function indexOf(bytes: Uint8Array, marker: Uint8Array, from: number): number {
  const last = bytes.length - marker.length;
  for (let at = bytes.indexOf(marker[0] as number, from); at >= 0 && at <= last; ) {
    let matching = 1;
    while (matching < marker.length && bytes[at + matching] === marker[matching]) matching++;
    if (matching === marker.length) return at;
    at = bytes.indexOf(marker[0] as number, at + 1);
  }
  return -1;
}

/** Makes the bytes of a journal, entry by entry. */
export class JournalFrames {
  readonly #image: ImageName;
  #number = 0;
  #check: Uint8Array;

  constructor(image: ImageName) {
    this.#image = image;
    this.#check = sha256(headerOf(image));
  }

  /** The bytes to append for a transaction: its entry, after the header where it is the first. */
  next(body: Uint8Array): Uint8Array {
    const head = concatBytes(u32(this.#number), u32(body.length));
    const check = sha256(this.#check, head, body);
    const entry = concatBytes(this.#image.id, head, check, body);
    const bytes = this.#number === 0 ? concatBytes(headerOf(this.#image), entry) : entry;
    this.#number++;
    this.#check = check;
    return bytes;
  }
}

/** Whether a journal continues another image than this one: the image was replaced, and the journal is left over. */
function isLeftOver(bytes: Uint8Array, { id }: ImageName): boolean {
  return indexOf(bytes, id, 0) < 0;
}

/**
 * Whether an entry after this one was begun.
 *
 * @param from where the entry begins
 */
function isFollowed(bytes: Uint8Array, id: Uint8Array, number: number, from: number): boolean {
  for (let at = indexOf(bytes, id, from); at >= 0; at = indexOf(bytes, id, at + 1)) {
    const end = at + id.length;
    if (end + 4 <= bytes.length && new DataView(bytes.buffer, bytes.byteOffset + end).getUint32(0) > number)
      return true;
  }
  return false;
}

/** Reads the journal of an image. */
export function readJournal(bytes: Uint8Array, image: ImageName): JournalContent {
  if (isLeftOver(bytes, image)) return { bodies: [], damage: null };
  const header = headerOf(image);
  if (!equalBytes(bytes.subarray(0, header.length), header)) {
    const changed = equalBytes(bytes.subarray(0, header.length - CHECK_LENGTH), header.subarray(0, -CHECK_LENGTH));
    if (changed && bytes.length >= header.length) {
      return { bodies: [], damage: 'another program changed the database that it continues' };
    }
    return { bodies: [], damage: isFollowed(bytes, image.id, 0, header.length) ? 'its header is broken' : null };
  }
  return readEntries(bytes, image.id, header);
}

function readEntries(bytes: Uint8Array, id: Uint8Array, header: Uint8Array): JournalContent {
  const bodies: Uint8Array[] = [];
  let check = sha256(header);
  let at = header.length;
  while (at < bytes.length) {
    const entry = readEntry(bytes.subarray(at), id, bodies.length, check);
    if (entry === null) {
      const damaged = isFollowed(bytes, id, bodies.length, at);
      return { bodies, damage: damaged ? `entry ${bodies.length} is broken` : null };
    }
    bodies.push(entry.body);
    check = entry.check;
    at += entry.length;
  }
  return { bodies, damage: null };
}

/** The entry at the beginning of the bytes; null if it is not whole. */
function readEntry(bytes: Uint8Array, id: Uint8Array, number: number, previous: Uint8Array) {
  const head = id.length + NUMBER_AND_LENGTH;
  const start = head + CHECK_LENGTH;
  if (bytes.length < start) return null;
  const length = start + new DataView(bytes.buffer, bytes.byteOffset).getUint32(id.length + 4);
  if (length > bytes.length) return null;
  const body = bytes.subarray(start, length);
  const check = sha256(previous, u32(number), u32(body.length), body);
  const whole = equalBytes(bytes.subarray(0, id.length), id) && equalBytes(bytes.subarray(head, start), check);
  const numbered = equalBytes(bytes.subarray(id.length, id.length + 4), u32(number));
  return whole && numbered ? { body, check, length } : null;
}
