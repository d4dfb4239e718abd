/**
 * Ed25519 (RFC 8032) over the WebAssembly core: keys, signatures, and their verification by one rule on every runtime.
 *
 * The rule: `A` and `R` are canonical encodings of points, `A` is not of small order, `S < L`, and
 * `[8][S]B = [8]R + [8][k]A` with `k = SHA-512(R ‖ A ‖ M) mod L`.
 *
 * @module
 */
import { equalBytes, isBytes, requireBytes, section } from '../bytes.js';
import { core } from './core.js';
import type { KeyPair } from './key-pair.js';
import { randomBytes } from './random.js';

/** What `verifyBatch` checks: a signature (64 bytes) under a public key (32 bytes) on a message of any length. */
export interface SignedMessage {
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
  readonly message: Uint8Array;
}

// The argument window: a key, a signature, what is known of a signer, a coefficient, then as much of the message as fits.
const KEY = 0;
const SIGNATURE = 32;
const KNOWN = 96;
const COEFFICIENT = 160;
const MESSAGE = 192;
const MESSAGE_SIZE = 65536;

/** Items that the core takes in one batch. */
const BATCH_SIZE = 1024;
const COEFFICIENT_SIZE = 16;

/**
 * What the core knows of signers, 64 bytes each: a public key and a fingerprint, nothing secret. Found by the array that
 * holds the private key; whether it still holds that very key, the core finds out by the fingerprint. To recompute a public
 * key costs as much as the rest of a signature.
 */
const signers = new WeakMap<Uint8Array, Uint8Array>();
/** The same of the last signer, whose key may come in another array each time. */
let lastSigner = new Uint8Array(64);

/** A fresh key pair: a random 32-byte seed and its public key. */
export function generateSigningKeypair(): KeyPair {
  const privateKey = randomBytes(32);
  return { privateKey, publicKey: signingPublicKey(privateKey) };
}

/**
 * The 32-byte public key of a private key (RFC 8032 §5.1.5).
 *
 * @param privateKey the 32-byte seed
 * @throws InvalidInputError if it is not 32 bytes
 */
export function signingPublicKey(privateKey: Uint8Array): Uint8Array {
  requireBytes('privateKey', privateKey, 32);
  const { call, memory, window } = core();
  memory.set(privateKey, window + KEY);
  try {
    call.publicKeyFromSeed(window + SIGNATURE, window + KEY);
    return memory.slice(window + SIGNATURE, window + SIGNATURE + 32);
  } finally {
    call.wipe(window + KEY, 32);
    call.signWipe();
  }
}

/**
 * Signs a message of any length (RFC 8032 §5.1.6: deterministic, no randomness needed).
 *
 * @param privateKey the 32-byte seed
 * @returns the 64-byte signature
 * @throws InvalidInputError if an argument is not a `Uint8Array` or the key is not 32 bytes
 */
export function sign(privateKey: Uint8Array, message: Uint8Array): Uint8Array {
  requireBytes('privateKey', privateKey, 32);
  const steady = unshared(requireBytes('message', message));
  const { call, memory, window } = core();
  memory.set(privateKey, window + KEY);
  try {
    call.signStart(window + KEY);
    hashMessage(steady);
    const known = signers.get(privateKey) ?? lastSigner;
    memory.set(known, window + KNOWN);
    call.signCommit(window + KNOWN);
    lastSigner = memory.slice(window + KNOWN, window + KNOWN + known.length);
    if (!equalBytes(known, lastSigner)) signers.set(privateKey, lastSigner);
    hashMessage(steady);
    call.signFinish(window + SIGNATURE);
    return memory.slice(window + SIGNATURE, window + SIGNATURE + 64);
  } finally {
    call.wipe(window + KEY, 32);
    call.wipe(window + KNOWN, lastSigner.length);
    wipeMessage(steady.length);
    call.signWipe();
  }
}

/**
 * The message, or a copy of one in shared memory. A signature reads its message twice, and another thread could change it
 * in between: two messages under one nonce betray the private key. (`slice` would not do: that of a Node `Buffer` copies
 * nothing.)
 */
function unshared(message: Uint8Array): Uint8Array {
  return message.buffer instanceof ArrayBuffer ? message : new Uint8Array(message);
}

/** Feeds the message to the core's running SHA-512, a window at a time. */
function hashMessage(message: Uint8Array): void {
  const { call, memory, window } = core();
  if (message.length <= MESSAGE_SIZE) {
    memory.set(message, window + MESSAGE);
    call.sha512Update(window + MESSAGE, message.length);
    return;
  }
  for (let offset = 0; offset < message.length; offset += MESSAGE_SIZE) {
    const size = Math.min(MESSAGE_SIZE, message.length - offset);
    memory.set(section(message, offset, size), window + MESSAGE);
    call.sha512Update(window + MESSAGE, size);
  }
}

/** Wipes what a message of this length left in the window: it may hold secrets, as an invite does. */
function wipeMessage(length: number): void {
  const { call, window } = core();
  call.wipe(window + MESSAGE, Math.min(length, MESSAGE_SIZE));
}

/** Whether the parts have the types and lengths that a signed message has. */
function isWellFormed(publicKey: unknown, signature: unknown, message: unknown): boolean {
  return (
    isBytes(publicKey) && publicKey.length === 32 && isBytes(signature) && signature.length === 64 && isBytes(message)
  );
}

/**
 * Whether the signature is good, by the rule in this file's header. Arguments of a wrong type or length give `false`;
 * nothing that an argument holds makes it throw.
 *
 * @param publicKey 32 bytes
 * @param signature 64 bytes
 */
export function verify(publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array): boolean {
  if (!isWellFormed(publicKey, signature, message)) return false;
  const { call, memory, window } = core();
  memory.set(publicKey, window + KEY);
  memory.set(signature, window + SIGNATURE);
  call.verifyStart(window + KEY, window + SIGNATURE);
  hashMessage(message);
  wipeMessage(message.length);
  return call.verifyFinish(window + KEY, window + SIGNATURE) !== 0;
}

/** An item of a batch whose parts have the right types and lengths, and its place among the caller's items. */
interface PlacedItem extends SignedMessage {
  readonly index: number;
}

/**
 * Verifies many signatures, several times faster than one by one. Verdict i is what `verify` gives for item i, whatever
 * the other items are; an item of a wrong shape gives `false`. Never throws for what `items` holds; what is no array has
 * no verdicts.
 */
export function verifyBatch(items: readonly SignedMessage[]): boolean[] {
  if (!Array.isArray(items)) return [];
  const verdicts: boolean[] = new Array(items.length).fill(false);
  const placed = wellFormedItems(items);
  for (let start = 0; start < placed.length; start += BATCH_SIZE) {
    verifyChunk(placed.slice(start, start + BATCH_SIZE), verdicts);
  }
  return verdicts;
}

/**
 * The well-formed items. All are read before the core has work under way, since a getter could use the library itself;
 * and before any is checked, since a getter could take away the memory of another item.
 */
function wellFormedItems(items: readonly SignedMessage[]): PlacedItem[] {
  const placed: PlacedItem[] = [];
  for (let index = 0; index < items.length; index++) {
    try {
      const { publicKey, signature, message } = items[index] as SignedMessage;
      placed.push({ index, publicKey, signature, message });
    } catch {
      // No object, or a getter that throws: the verdict stays false.
    }
  }
  return placed.filter(({ publicKey, signature, message }) => isWellFormed(publicKey, signature, message));
}

/** Verifies at most BATCH_SIZE items in one batch of the core. */
function verifyChunk(items: readonly PlacedItem[], verdicts: boolean[]): void {
  const { call, memory, window } = core();
  const coefficients = randomBytes(items.length * COEFFICIENT_SIZE);
  call.batchStart();
  for (const [position, { publicKey, signature, message }] of items.entries()) {
    const offset = position * COEFFICIENT_SIZE;
    memory.set(publicKey, window + KEY);
    memory.set(signature, window + SIGNATURE);
    memory.set(coefficients.subarray(offset, offset + COEFFICIENT_SIZE), window + COEFFICIENT);
    call.batchItem(window + KEY, window + SIGNATURE);
    hashMessage(message);
    call.batchItemEnd(window + COEFFICIENT);
  }
  wipeMessage(Math.max(...items.map(({ message }) => message.length)));
  call.batchFinish(window + MESSAGE);
  for (const [position, { index }] of items.entries()) verdicts[index] = memory[window + MESSAGE + position] === 1;
}

/**
 * Whether 32 bytes are what a roster requires of a signing key: the canonical encoding of a point of order L, that is,
 * torsion-free and not the identity.
 */
export function isRosterKey(publicKey: Uint8Array): boolean {
  if (!isBytes(publicKey) || publicKey.length !== 32) return false;
  const { call, memory, window } = core();
  memory.set(publicKey, window + KEY);
  return call.isRosterKey(window + KEY) !== 0;
}
