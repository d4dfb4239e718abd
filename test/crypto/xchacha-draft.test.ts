/**
 * XChaCha20-Poly1305 against draft-irtf-cfrg-xchacha-03.
 *
 * @module
 */
import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../src/bytes.js';
import { aeadDecrypt, aeadEncrypt } from '../../src/crypto/index.js';
import { fromHex, toHex } from '../support/hex.js';
import { readVectors } from '../support/vectors.js';

const vectors = readVectors<{
  source: string;
  hchacha20: Record<'key' | 'nonce' | 'subkey', string>;
  aead: Record<'key' | 'nonce' | 'aad' | 'plaintext' | 'ciphertext' | 'tag', string>;
  encryption: Record<'key' | 'nonce' | 'plaintext' | 'ciphertext', string>;
}>('crypto/draft-irtf-cfrg-xchacha-03.json');

describe('draft-irtf-cfrg-xchacha-03', () => {
  it('§2.2.1: HChaCha20 derives the published subkey: sealing under it with 0⁴ ‖ nonce[16..24] gives the same bytes', () => {
    const { key, nonce, subkey } = vectors.hchacha20;
    const rest = fromHex('0102030405060708');
    const text = new Uint8Array(100);
    const extended = aeadEncrypt(fromHex(key), concatBytes(fromHex(nonce), rest), text);
    expect(extended).toEqual(aeadEncrypt(fromHex(subkey), concatBytes(new Uint8Array(4), rest), text));
  });

  it('A.3.1: AEAD_XChaCha20_Poly1305 seals and opens as published', () => {
    const { key, nonce, aad, plaintext, ciphertext, tag } = vectors.aead;
    const sealed = aeadEncrypt(fromHex(key), fromHex(nonce), fromHex(plaintext), fromHex(aad));
    expect(toHex(sealed)).toBe(ciphertext + tag);
    expect(toHex(aeadDecrypt(fromHex(key), fromHex(nonce), sealed, fromHex(aad)))).toBe(plaintext);
  });

  it('A.3.2: XChaCha20 from block counter 1 encrypts as published', () => {
    const { key, nonce, plaintext, ciphertext } = vectors.encryption;
    const sealed = aeadEncrypt(fromHex(key), fromHex(nonce), fromHex(plaintext));
    expect(toHex(sealed.subarray(0, plaintext.length / 2))).toBe(ciphertext);
  });
});
