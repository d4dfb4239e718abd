/**
 * ChaCha20-Poly1305 against RFC 8439, as far as the AEAD shows the inner functions: the text is encrypted from block counter 1 on, so a
 * vector of counter n appears after 64 (n − 1) bytes of padding, and the one-time key of block 0 shows in the tag.
 *
 * @module
 */
import { describe, expect, it } from 'vitest';
import { AuthenticationError, aeadDecrypt, aeadEncrypt } from '../../src/crypto/index.js';
import { fromHex, toHex } from '../support/hex.js';
import { referencePoly1305 } from '../support/poly1305-reference.js';
import { readVectors } from '../support/vectors.js';

type AeadVector = Record<'key' | 'nonce' | 'aad' | 'plaintext' | 'ciphertext' | 'tag', string>;

const vectors = readVectors<{
  source: string;
  encryption: { name: string; key: string; nonce: string; counter: number; plaintext: string; ciphertext: string }[];
  oneTimeKeys: Record<'name' | 'key' | 'nonce' | 'oneTimeKey', string>[];
  aead: (AeadVector & { name: string })[];
}>('crypto/rfc8439.json');
const boringssl = readVectors<{ source: string; tests: AeadVector[] }>('crypto/boringssl-chacha20-poly1305.json');

function expectAead(test: AeadVector) {
  const [key, nonce, aad] = [fromHex(test.key), fromHex(test.nonce), fromHex(test.aad)];
  const sealed = aeadEncrypt(key, nonce, fromHex(test.plaintext), aad);
  expect(toHex(sealed)).toBe(test.ciphertext + test.tag);
  expect(toHex(aeadDecrypt(key, nonce, sealed, aad))).toBe(test.plaintext);
  const forged = sealed.with(sealed.length - 1, (sealed.at(-1) ?? 0) ^ 1);
  expect(() => aeadDecrypt(key, nonce, forged, aad)).toThrow(AuthenticationError);
}

describe('RFC 8439', () => {
  it.each(vectors.encryption)('$name: the key stream of block counter $counter is as published', (test) => {
    const padding = 64 * (test.counter - 1);
    const plaintext = new Uint8Array(padding + test.plaintext.length / 2);
    plaintext.set(fromHex(test.plaintext), padding);
    const sealed = aeadEncrypt(fromHex(test.key), fromHex(test.nonce), plaintext);
    expect(toHex(sealed.subarray(padding, plaintext.length))).toBe(test.ciphertext);
  });

  it.each(vectors.oneTimeKeys)('$name: the tag is made with the published one-time key', (test) => {
    // With no text and no aad, the tag is Poly1305 of the two zero lengths; one block of aad makes r count as well.
    const key = fromHex(test.key);
    const nonce = fromHex(test.nonce);
    const aad = fromHex('00112233445566778899aabbccddeeff');
    const authenticated = new Uint8Array(32);
    authenticated.set(aad);
    authenticated[16] = 16;
    expect(aeadEncrypt(key, nonce, new Uint8Array(0), aad)).toEqual(
      referencePoly1305(fromHex(test.oneTimeKey), authenticated),
    );
  });

  it.each(vectors.aead)('$name: seals, opens and refuses a wrong tag', (test) => expectAead(test));

  it(`every vector of BoringSSL's collection (${boringssl.tests.length}) agrees`, () => {
    expect(boringssl.tests.length).toBeGreaterThan(60);
    for (const test of boringssl.tests) expectAead(test);
  });
});
