/**
 * The intermediate secrets of each operation, computed by independent code, so that a search of the core's memory knows what to look for.
 *
 * @module
 */

import { createCipheriv, createHmac, hkdfSync } from 'node:crypto';
import { hchacha } from '@noble/ciphers/chacha.js';
import { concatBytes } from '../../src/bytes.js';
import { GROUP_ORDER } from './edwards-reference.js';
import { integerFromBytes, integerToBytes } from './little-endian.js';
import { nodePrivateKey, nodePublicKey, nodeSha512, nodeX25519 } from './node-peer.js';

/** Secrets by name. */
export type NamedSecrets = Readonly<Record<string, Uint8Array>>;

/** RFC 7748 §5: clamped little-endian scalar. */
function clamp(scalar: Uint8Array): Uint8Array {
  return scalar.with(0, (scalar[0] ?? 0) & 0xf8).with(31, ((scalar[31] ?? 0) & 0x7f) | 0x40);
}

/** Of a multiplication of a Montgomery point: key, scalar, result. */
export function agreementSecrets(privateKey: Uint8Array, peer: Uint8Array | null): NamedSecrets {
  const secrets = { 'private key': privateKey, 'clamped scalar': clamp(privateKey) };
  const shared = peer && nodeX25519(nodePrivateKey('x25519', privateKey), nodePublicKey('x25519', peer));
  if (!shared) return secrets;
  const prk = new Uint8Array(createHmac('sha256', new Uint8Array(32)).update(shared).digest());
  return { ...secrets, 'shared secret': shared, 'extracted key': prk };
}

/** Of a signature: seed, both halves of its hash, the scalar, and the nonce before and after reduction. */
export function signingSecrets(seed: Uint8Array, message: Uint8Array | null): NamedSecrets {
  const expanded = nodeSha512(seed);
  const scalar = clamp(expanded.subarray(0, 32));
  const secrets = {
    seed,
    'expanded key': expanded.slice(0, 32),
    'nonce prefix': expanded.slice(32),
    'secret scalar': scalar,
    'reduced secret scalar': integerToBytes(integerFromBytes(scalar) % GROUP_ORDER),
  };
  if (message === null) return secrets;
  const nonceHash = nodeSha512(expanded.subarray(32), message);
  const nonce = integerToBytes(integerFromBytes(nonceHash) % GROUP_ORDER);
  return { ...secrets, 'nonce hash': nonceHash, 'nonce scalar r': nonce };
}

/** Of a sealed message: key, subkey where the nonce is long, and the one-time key with its clamped half. */
export function aeadSecrets(key: Uint8Array, nonce: Uint8Array): NamedSecrets {
  const long = nonce.length === 24;
  const innerKey = long ? subkey(key, nonce) : key;
  const innerNonce = long ? concatBytes(new Uint8Array(4), nonce.subarray(16)) : nonce;
  const block = createCipheriv('chacha20', innerKey, concatBytes(new Uint8Array(4), innerNonce)).update(
    new Uint8Array(64),
  );
  const oneTimeKey = new Uint8Array(block.subarray(0, 32));
  const r = integerFromBytes(oneTimeKey.subarray(0, 16)) & 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  return {
    key,
    subkey: innerKey,
    'Poly1305 key': oneTimeKey,
    'clamped r': integerToBytes(r, 16),
    'rest of block 0': new Uint8Array(block.subarray(32)),
  };
}

function subkey(key: Uint8Array, nonce: Uint8Array): Uint8Array {
  const words = (bytes: Uint8Array) => new Uint32Array(bytes.slice().buffer);
  const output = new Uint32Array(8);
  const constants = words(new TextEncoder().encode('expand 32-byte k'));
  hchacha(constants, words(key), words(nonce.subarray(0, 16)), output);
  return new Uint8Array(output.buffer);
}

/** Of an HPKE exchange (RFC 9180 §4.1, §5.1): Diffie-Hellman value, extracted keys, shared secret, key and nonce. */
export function hpkeSecrets(
  privateKey: Uint8Array,
  peer: Uint8Array,
  enc: Uint8Array,
  recipient: Uint8Array,
  info: Uint8Array,
) {
  const agreement = agreementSecrets(privateKey, peer);
  const dh = agreement['shared secret'] ?? new Uint8Array(0);
  const text = (ascii: string) => new TextEncoder().encode(ascii);
  const kem = concatBytes(text('KEM'), Uint8Array.of(0, 0x20));
  const suite = concatBytes(text('HPKE'), Uint8Array.of(0, 0x20, 0, 1, 0, 3));
  const none = new Uint8Array(0);
  const extract = (id: Uint8Array, salt: Uint8Array, label: string, ikm: Uint8Array) =>
    new Uint8Array(
      createHmac('sha256', salt)
        .update(concatBytes(text('HPKE-v1'), id, text(label), ikm))
        .digest(),
    );
  const expand = (id: Uint8Array, prk: Uint8Array, label: string, context: Uint8Array, length: number) => {
    const labeled = concatBytes(Uint8Array.of(0, length), text('HPKE-v1'), id, text(label), context, Uint8Array.of(1));
    return new Uint8Array(createHmac('sha256', prk).update(labeled).digest()).slice(0, length);
  };
  const eaePrk = extract(kem, none, 'eae_prk', dh);
  const shared = expand(kem, eaePrk, 'shared_secret', concatBytes(enc, recipient), 32);
  const pskIdHash = extract(suite, none, 'psk_id_hash', none);
  const context = concatBytes(Uint8Array.of(0), pskIdHash, extract(suite, none, 'info_hash', info));
  const secret = extract(suite, shared, 'secret', none);
  const key = expand(suite, secret, 'key', context, 32);
  const nonce = expand(suite, secret, 'base_nonce', context, 12);
  return {
    ...agreement,
    eae_prk: eaePrk,
    shared_secret: shared,
    'schedule secret': secret,
    base_nonce: nonce,
    ...Object.fromEntries(Object.entries(aeadSecrets(key, nonce)).map(([name, value]) => [`message ${name}`, value])),
  };
}

/** HKDF-SHA256 output, by `node:crypto`: derives test inputs from a secret. */
export function stretch(secret: Uint8Array, length: number): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), 'test input', length));
}
