/**
 * `text-nfc-lf/1`: strict UTF-8 without a byte order mark, CRLF and CR to LF, then NFC, refusing unassigned code points.
 *
 * NFC comes from the engine, and engines differ in their version of Unicode. The result is the same on all of them because
 * everything that Unicode 15.0 does not assign is refused by a table of our own: of text without unassigned characters no
 * later version may change the NFC (Unicode Character Encoding Stability Policies, "Normalization Stability").
 *
 * The text is cut before stable starters, each cluster is normalized by itself: a character of combining class 0 that NFC
 * leaves alone and that never composes with one before it (NFC_Quick_Check=Yes) parts what NFC can reorder or compose
 * (UAX #15 §9.1). Most clusters are known to be in NFC already from the classes of their characters (UAX #15 §9), and are
 * passed on as they are.
 *
 * @module
 */
import { utf8 } from '../bytes.js';
import type { Canonicalizer, Sink } from './canonicalize.js';
import { InvalidDocumentError } from './invalid-document.js';
import { createLineEnds } from './line-ends.js';
import { characterClasses, MAY_CHANGE, STABLE_STARTER, UNASSIGNED } from './unicode-classes.js';

/**
 * The most code points in a row that are no stable starters; what is more is refused, so that there is a bound on what is
 * held back. Languages need a handful, the Stream-Safe Text Format (UAX #15 §13) allows 30.
 */
export const MAX_COMBINING_RUN = 256;

/** How much is looked at in one go. */
const BLOCK_LENGTH = 16_384;

/** An unfinished cluster: its starter and the run after it, four bytes each, and the beginning of one more character. */
const HELD_LENGTH = 4 * (MAX_COMBINING_RUN + 2);

/** The top bit of each of four bytes, in whatever order. */
const NOT_ASCII = 0x80808080 | 0;

const BYTE_ORDER_MARK = 0xfeff;

// The bytes have been checked already. An U+FEFF within the text is a character like others.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function notUtf8(): InvalidDocumentError {
  return new InvalidDocumentError('utf-8', 'the document is not UTF-8');
}

/**
 * The bytes of a well-formed UTF-8 character by its first byte, or 0 where none begins so (Unicode 15.0, table 3-7).
 */
function lengthOf(first: number): number {
  if (first < 0xc2) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf5 ? 4 : 0;
}

/** The code point of a character of two to four bytes that stand there; -1 if they are no well-formed UTF-8. */
function decodeAt(bytes: Uint8Array, at: number, length: number): number {
  const first = bytes[at] as number;
  const second = bytes[at + 1] as number;
  if ((second & 0xc0) !== 0x80) return -1;
  if (length === 2) return ((first & 0x1f) << 6) | (second & 0x3f);
  const third = bytes[at + 2] as number;
  if ((third & 0xc0) !== 0x80) return -1;
  if (length === 3) {
    const point = ((first & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f);
    // Overlong forms and surrogates.
    return point < 0x800 || (point & 0xf800) === 0xd800 ? -1 : point;
  }
  const fourth = bytes[at + 3] as number;
  if ((fourth & 0xc0) !== 0x80) return -1;
  const point = ((first & 0x07) << 18) | ((second & 0x3f) << 12) | ((third & 0x3f) << 6) | (fourth & 0x3f);
  return point < 0x10000 || point > 0x10ffff ? -1 : point;
}

/** Checks and normalizes text whose line ends are line feeds. */
class Normalizer {
  readonly #sink: Sink;
  readonly #classes = characterClasses();
  /** What was held back, and the block after it. */
  readonly #work = new Uint8Array(HELD_LENGTH + BLOCK_LENGTH);
  readonly #words = new Int32Array(this.#work.buffer);
  #held = 0;
  /** Whether what was held back stands at the document's start. */
  #atStart = true;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  update(bytes: Uint8Array): void {
    for (let start = 0; start < bytes.length; start += BLOCK_LENGTH) {
      const block = bytes.subarray(start, start + BLOCK_LENGTH);
      this.#work.set(block, this.#held);
      this.#pass(this.#held + block.length, false);
    }
  }

  finish(): void {
    this.#pass(this.#held, true);
  }

  /** Passes on what is decided of the first `length` bytes, and holds back the rest. */
  #pass(length: number, isLast: boolean): void {
    const work = this.#work;
    const classes = this.#classes;
    // The cluster that is open: where it begins, the class before, how many followed its starter, whether NFC changes it.
    let cluster = 0;
    let previous = 0;
    let run = 0;
    let changes = false;
    // From the first to the last of the clusters that NFC changes.
    let changedFrom = -1;
    let changedTo = 0;
    let at = 0;

    const close = () => {
      if (!changes) return;
      if (changedFrom < 0) changedFrom = cluster;
      changedTo = at;
      changes = false;
    };

    while (at < length) {
      const first = work[at] as number;
      if (first < 0x80) {
        close();
        at = this.#endOfAscii(at + 1, length);
        cluster = at - 1;
        previous = 0;
        run = 0;
        continue;
      }
      const size = lengthOf(first);
      if (size === 0) throw notUtf8();
      if (at + size > length) {
        if (isLast) throw notUtf8();
        break;
      }
      const point = decodeAt(work, at, size);
      if (point < 0) throw notUtf8();
      if (point === BYTE_ORDER_MARK && at === 0 && this.#atStart) {
        throw new InvalidDocumentError('byte-order-mark', 'the document begins with a byte order mark');
      }
      const kind = classes[point] as number;
      if (kind === STABLE_STARTER) {
        close();
        cluster = at;
        run = 0;
      } else {
        if (kind === UNASSIGNED) throw unassigned(point);
        if (++run > MAX_COMBINING_RUN) throw runTooLong();
        if (kind === MAY_CHANGE || kind < previous) changes = true;
      }
      previous = kind;
      at += size;
    }

    if (isLast) {
      close();
      cluster = length;
    }
    if (changedFrom < 0) {
      this.#emit(0, cluster);
    } else {
      this.#emit(0, changedFrom);
      this.#sink(utf8(decoder.decode(work.subarray(changedFrom, changedTo)).normalize('NFC')));
      this.#emit(changedTo, cluster);
    }
    work.copyWithin(0, cluster, length);
    this.#held = length - cluster;
    if (cluster > 0) this.#atStart = false;
  }

  /** The place of the first byte from `at` on that is not ASCII, four at a time where they are aligned. */
  #endOfAscii(at: number, length: number): number {
    const work = this.#work;
    let end = at;
    while ((end & 3) !== 0 && end < length && (work[end] as number) < 0x80) end++;
    if ((end & 3) === 0) while (end + 4 <= length && ((this.#words[end >>> 2] as number) & NOT_ASCII) === 0) end += 4;
    while (end < length && (work[end] as number) < 0x80) end++;
    return end;
  }

  #emit(from: number, to: number): void {
    if (from < to) this.#sink(this.#work.subarray(from, to));
  }
}

function unassigned(point: number): InvalidDocumentError {
  const code = point.toString(16).toUpperCase().padStart(4, '0');
  return new InvalidDocumentError('unassigned', `U+${code} is not assigned in Unicode 15.0`);
}

function runTooLong(): InvalidDocumentError {
  return new InvalidDocumentError('combining-run', `more than ${MAX_COMBINING_RUN} combining characters in a row`);
}

/** Starts the canonicalization. */
export function createTextCanonicalizer(sink: Sink): Canonicalizer {
  const normalizer = new Normalizer(sink);
  const lineEnds = createLineEnds((bytes) => normalizer.update(bytes));
  return {
    update: lineEnds,
    finish: () => normalizer.finish(),
  };
}
