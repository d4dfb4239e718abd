/**
 * X25519 key agreement (RFC 7748) over the WebAssembly core.
 *
 * @module
 */
import { requireBytes } from '../bytes.js';
import { InvalidInputError } from '../errors.js';
import { core } from './core.js';
import type { KeyPair } from './key-pair.js';
import { randomBytes } from './random.js';
import { hkdfExtract } from './sha256.js';
import { takeFromWindow } from './window.js';

const KEY_LENGTH = 32;

/** The most key agreements that the core carries out in one call. */
const BATCH = 32;

/** A fresh X25519 key pair. */
export function generateDhKeypair(): KeyPair {
  const privateKey = randomBytes(KEY_LENGTH);
  return { privateKey, publicKey: dhPublicKey(privateKey) };
}

/**
 * The X25519 public key of a private key; 32 bytes.
 *
 * @param privateKey 32 bytes
 * @throws InvalidInputError if it is of another type or length
 */
export function dhPublicKey(privateKey: Uint8Array): Uint8Array {
  requireBytes('privateKey', privateKey, KEY_LENGTH);
  const { call, memory, window } = core();
  memory.set(privateKey, window);
  call.x25519PublicKey(window + KEY_LENGTH, window);
  call.wipe(window, KEY_LENGTH);
  return takeFromWindow(KEY_LENGTH, KEY_LENGTH);
}

/**
 * The X25519 function of RFC 7748 §5; 32 bytes. As the RFC says, the private key is clamped, the top bit of the public
 * key is ignored, and a public key from 2^255 - 19 on is taken modulo that prime.
 *
 * @param privateKey 32 bytes
 * @param peerPublicKey 32 bytes
 * @throws InvalidInputError if an argument is of another type or length, or the result is all zeros, because the public
 *   key is of low order (RFC 7748 §6.1)
 */
export function x25519(privateKey: Uint8Array, peerPublicKey: Uint8Array): Uint8Array {
  requireBytes('privateKey', privateKey, KEY_LENGTH);
  requireBytes('peerPublicKey', peerPublicKey, KEY_LENGTH);
  const { call, memory, window } = core();
  const point = window + KEY_LENGTH;
  const secret = point + KEY_LENGTH;
  memory.set(privateKey, window);
  memory.set(peerPublicKey, point);
  const contributory = call.x25519(secret, window, point);
  const result = memory.slice(secret, secret + KEY_LENGTH);
  call.wipe(window, 3 * KEY_LENGTH);
  if (contributory === 0) {
    throw new InvalidInputError('peerPublicKey is of low order: the shared secret would be all zeros');
  }
  return result;
}

/** What a side of HPKE needs of an X25519 private key; 32 bytes each. */
export interface Agreement {
  /** All zeros if the peer's public key is of low order. */
  readonly secret: Uint8Array;
  /** The public key of the private key. */
  readonly publicKey: Uint8Array;
}

/**
 * {@link x25519} and {@link dhPublicKey} for many private keys, of which up to 32 share one inversion. Internal: for HPKE.
 *
 * @param privateKeys 32 bytes each
 * @param peerPublicKeys as many, 32 bytes each
 * @returns a shared secret and a public key for each, in the same order
 */
export function x25519WithPublicKeys(
  privateKeys: readonly Uint8Array[],
  peerPublicKeys: readonly Uint8Array[],
): Agreement[] {
  const { call, memory, window } = core();
  const agreements: Agreement[] = [];
  for (let start = 0; start < privateKeys.length; start += BATCH) {
    const scalars = privateKeys.slice(start, start + BATCH);
    const length = scalars.length * KEY_LENGTH;
    const points = window + length;
    const secrets = points + length;
    const publicKeys = secrets + length;
    scalars.forEach((scalar, i) => {
      memory.set(scalar, window + i * KEY_LENGTH);
    });
    peerPublicKeys.slice(start, start + BATCH).forEach((point, i) => {
      memory.set(point, points + i * KEY_LENGTH);
    });
    call.x25519WithPublicKeys(secrets, window, points, scalars.length);
    const result = (first: number, i: number) => memory.slice(first + i * KEY_LENGTH, first + (i + 1) * KEY_LENGTH);
    scalars.forEach((_, i) => {
      agreements.push({ secret: result(secrets, i), publicKey: result(publicKeys, i) });
    });
    call.wipe(window, 4 * length);
  }
  return agreements;
}

/**
 * HKDF-Extract-SHA256 without salt of {@link x25519}; 32 bytes, fit to be used as a key.
 *
 * @param privateKey 32 bytes
 * @param peerPublicKey 32 bytes
 * @throws InvalidInputError as {@link x25519} does
 */
export function ecdhSharedSecret(privateKey: Uint8Array, peerPublicKey: Uint8Array): Uint8Array {
  const secret = x25519(privateKey, peerPublicKey);
  const extracted = hkdfExtract(undefined, secret);
  secret.fill(0);
  return extracted;
}
