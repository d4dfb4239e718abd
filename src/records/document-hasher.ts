/**
 * From bytes to a document's commitment, in one pass and constant memory: canonicalize, cut, hash. Nothing is kept but the
 * leaf hashes, the bytes of the chunk under way, and what the canonicalization holds back.
 *
 * @module
 */
import { createSha256 } from '#sha256';
import { requireBytes, requireOptions } from '../bytes.js';
import { InvalidInputError, MeshError } from '../errors.js';
import { type Canonicalization, createCanonicalizer, DEFAULT_CANONICALIZATION } from './canonicalize.js';
import { type Chunker, cutterOf, DEFAULT_CHUNKER, requireChunker } from './chunkers.js';
import { GrowingBytes } from './growing-bytes.js';
import { InvalidDocumentError } from './invalid-document.js';
import { MerkleRoot } from './merkle-root.js';
import { merkleLeaf } from './merkle-tree.js';

/** The most chunks of a document: 2^20. Their hashes are all that grows with it, to 32 MiB. */
export const MAX_CHUNKS = 1_048_576;

/** How many bytes are collected before they are cut and hashed, at least; fewer if the document is shorter. */
const BUFFER_LENGTH = 262_144;

/** Many documents are short: the buffer begins with this length, and doubles. */
const FIRST_BUFFER_LENGTH = 8_192;

/** How a document is read. */
export interface DocumentOptions {
  /** What is done to the bytes first; default `text-nfc-lf/1`. */
  readonly canonicalization?: Canonicalization;
  /** How they are cut; default {@link DEFAULT_CHUNKER}. */
  readonly chunker?: Chunker;
  /**
   * Called for each chunk, in order.
   *
   * @param chunk the bytes, the callback's own
   * @param index its place, from 0
   * @param leaf the leaf hash, 32 bytes, the callback's own
   */
  readonly onChunk?: (chunk: Uint8Array, index: number, leaf: Uint8Array) => void;
}

/** What a record commits of a document, and the leaf hashes from which a tree is built. */
export interface DocumentDigest {
  /** The Merkle root; 32 bytes, zeros if and only if the document is empty. */
  readonly documentRoot: Uint8Array;
  readonly leafCount: number;
  /** Bytes of the canonical document. */
  readonly contentLength: number;
  /** SHA-256 of the canonical document; 32 bytes. */
  readonly contentSha256: Uint8Array;
  readonly canonicalization: Canonicalization;
  readonly chunker: Chunker;
  /** The leaf hashes, 32 bytes each, for `new MerkleTree(leaves)`. */
  readonly leaves: Uint8Array;
}

/** A document that is being read. */
export interface DocumentHasher {
  /**
   * Takes in the next bytes of the document; they may be reused afterwards.
   *
   * @throws InvalidDocumentError if they break a rule; nothing more can be taken in then
   * @throws MeshError `hash-finished` after the end or an error
   */
  update(bytes: Uint8Array): void;
  /**
   * Ends the document.
   *
   * @throws InvalidDocumentError if it ends in the middle of a character
   * @throws MeshError `hash-finished` after the end or an error
   */
  finish(): DocumentDigest;
}

/** Collects canonical bytes, cuts them and hashes the chunks. */
class ChunkHasher {
  readonly #cutter;
  readonly #onChunk;
  readonly #content = createSha256();
  readonly #capacity: number;
  #buffer: Uint8Array;
  #filled = 0;
  readonly #leaves = new GrowingBytes();
  readonly #root = new MerkleRoot();
  #leafCount = 0;
  #contentLength = 0;

  constructor(chunker: Chunker, onChunk: DocumentOptions['onChunk']) {
    this.#cutter = cutterOf(chunker);
    this.#onChunk = onChunk;
    this.#capacity = BUFFER_LENGTH + this.#cutter.lookahead;
    this.#buffer = new Uint8Array(FIRST_BUFFER_LENGTH);
  }

  take(bytes: Uint8Array): void {
    this.#makeRoom(bytes.length);
    for (let taken = 0; taken < bytes.length; ) {
      const size = Math.min(bytes.length - taken, this.#buffer.length - this.#filled);
      this.#buffer.set(bytes.subarray(taken, taken + size), this.#filled);
      taken += size;
      this.#filled += size;
      if (this.#filled === this.#capacity) this.#cut(this.#cutter.lookahead);
    }
  }

  end(): Omit<DocumentDigest, 'canonicalization' | 'chunker'> {
    this.#cut(1);
    return {
      documentRoot: this.#root.root(),
      leafCount: this.#leafCount,
      leaves: this.#leaves.joined(),
      contentLength: this.#contentLength,
      contentSha256: this.#content.digest(),
    };
  }

  /** Makes the buffer longer if the bytes have no room in it and it is not at its full length. */
  #makeRoom(length: number): void {
    const needed = Math.min(this.#filled + length, this.#capacity);
    if (needed <= this.#buffer.length) return;
    const buffer = new Uint8Array(Math.min(Math.max(needed, 2 * this.#buffer.length), this.#capacity));
    buffer.set(this.#buffer.subarray(0, this.#filled));
    this.#buffer = buffer;
  }

  /** Cuts as long as at least `needed` bytes are there. */
  #cut(needed: number): void {
    let start = 0;
    while (this.#filled - start >= needed) {
      const end = this.#cutter.cut(this.#buffer, start, this.#filled);
      this.#hashChunk(this.#buffer.subarray(start, end));
      start = end;
    }
    this.#content.update(this.#buffer.subarray(0, start));
    this.#contentLength += start;
    this.#buffer.copyWithin(0, start, this.#filled);
    this.#filled -= start;
  }

  #hashChunk(chunk: Uint8Array): void {
    if (this.#leafCount === MAX_CHUNKS) {
      throw new InvalidDocumentError('chunk-count', `a document has at most ${MAX_CHUNKS} chunks: make them longer`);
    }
    const leaf = merkleLeaf(chunk);
    this.#leaves.append(leaf);
    this.#root.push(leaf);
    this.#onChunk?.(chunk.slice(), this.#leafCount, leaf.slice());
    this.#leafCount++;
  }
}

/**
 * Starts to read a document.
 *
 * @throws InvalidInputError if there is no such canonicalization or chunker, or a parameter is outside its limits
 */
export function createDocumentHasher(options: DocumentOptions = {}): DocumentHasher {
  const {
    canonicalization = DEFAULT_CANONICALIZATION,
    chunker: named = DEFAULT_CHUNKER,
    onChunk,
  } = requireOptions(options);
  const chunker = requireChunker(named);
  if (onChunk !== undefined && typeof onChunk !== 'function') throw new InvalidInputError('onChunk must be a function');
  const hasher = new ChunkHasher(chunker, onChunk);
  const canonicalizer = createCanonicalizer(canonicalization, (bytes) => hasher.take(bytes));
  let running = true;

  function start(): void {
    if (!running) throw new MeshError('hash-finished', 'this document has ended, or has been refused');
    // Until the work is done: an error leaves it so.
    running = false;
  }

  return {
    update(bytes) {
      const piece = requireBytes('bytes', bytes);
      start();
      canonicalizer.update(piece);
      running = true;
    },
    finish() {
      start();
      canonicalizer.finish();
      return { ...hasher.end(), canonicalization, chunker };
    },
  };
}

/**
 * The commitment of a document that is in memory.
 *
 * @throws InvalidInputError if there is no such canonicalization or chunker, or a parameter is outside its limits
 * @throws InvalidDocumentError if the bytes break a rule
 */
export function documentDigest(bytes: Uint8Array, options: DocumentOptions = {}): DocumentDigest {
  const hasher = createDocumentHasher(options);
  hasher.update(bytes);
  return hasher.finish();
}
