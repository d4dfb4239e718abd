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
import { MeshError } from '../errors.js';
import type { Canonicalizer, Sink } from './canonicalize.js';
import { InvalidDocumentError } from './invalid-document.js';
import { createLineEnds } from './line-ends.js';
import { characterClasses, MAY_CHANGE, STABLE_STARTER, UNASSIGNED } from './unicode-classes.js';
import { characterLength, decodeCharacter } from './utf8-characters.js';

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

/** Checks and normalizes text whose line ends are line feeds. */
class Normalizer {
  readonly #sink: Sink;
  readonly #classes = characterClasses();
  /** What was held back, and the block after it. */
  readonly #work = new Uint8Array(HELD_LENGTH + BLOCK_LENGTH);
  readonly #words = new Int32Array(this.#work.buffer);
  #held = 0;
  /** How many bytes of the document were passed on. */
  #passed = 0;

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
      const size = characterLength(first);
      if (size === 0) throw this.#notUtf8(at);
      if (at + size > length) {
        if (isLast) throw this.#notUtf8(at);
        break;
      }
      const point = decodeCharacter(work, at, size);
      if (point < 0) throw this.#notUtf8(at);
      if (point === BYTE_ORDER_MARK && this.#passed + at === 0) {
        throw new InvalidDocumentError('byte-order-mark', 'the document begins with a byte order mark', 0);
      }
      const kind = classes[point] as number;
      if (kind === STABLE_STARTER) {
        close();
        cluster = at;
        run = 0;
      } else {
        if (kind === UNASSIGNED) throw unassigned(point, this.#passed + at);
        if (++run > MAX_COMBINING_RUN) throw runTooLong(this.#passed + at);
        if (kind === MAY_CHANGE || kind < previous) changes = true;
      }
      previous = kind;
      at += size;
    }

    if (isLast) {
      close();
      cluster = length;
    }
    if (changedFrom < 0) this.#emit(0, cluster);
    else this.#emitNormalized(changedFrom, changedTo, cluster);
    work.copyWithin(0, cluster, length);
    this.#held = length - cluster;
    this.#passed += cluster;
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

  #notUtf8(at: number): InvalidDocumentError {
    return new InvalidDocumentError('utf-8', 'the document is not UTF-8', this.#passed + at);
  }

  #emit(from: number, to: number): void {
    if (from < to) this.#sink(this.#work.subarray(from, to));
  }

  /** Passes on what stands before `end`, from `from` to `to` in NFC. */
  #emitNormalized(from: number, to: number, end: number): void {
    this.#emit(0, from);
    this.#sink(utf8(decoder.decode(this.#work.subarray(from, to)).normalize('NFC')));
    this.#emit(to, end);
  }
}

function unassigned(point: number, offset: number): InvalidDocumentError {
  const code = point.toString(16).toUpperCase().padStart(4, '0');
  return new InvalidDocumentError('unassigned', `U+${code} is not assigned in Unicode 15.0`, offset);
}

function runTooLong(offset: number): InvalidDocumentError {
  return new InvalidDocumentError(
    'combining-run',
    `more than ${MAX_COMBINING_RUN} combining characters in a row`,
    offset,
  );
}

/**
 * Starts the canonicalization.
 *
 * @throws MeshError `no-normalization` if the engine was built without Unicode's tables, so that it leaves text as it is
 */
export function createTextCanonicalizer(sink: Sink): Canonicalizer {
  if ('e\u0301'.normalize('NFC') !== '\u00e9') {
    throw new MeshError('no-normalization', 'String.prototype.normalize does nothing here: this engine lacks Unicode');
  }
  const normalizer = new Normalizer(sink);
  const lineEnds = createLineEnds((bytes) => normalizer.update(bytes));
  return {
    update: lineEnds,
    finish: () => normalizer.finish(),
  };
}
