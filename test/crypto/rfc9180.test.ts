/**
 * HPKE (base mode, X25519-SHA256 / HKDF-SHA256 / ChaCha20Poly1305) against RFC 9180 A.2.1.
 *
 * @module
 */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { dhPublicKey, hpkeOpen, hpkeSeal, hpkeSealMany } from '../../src/crypto/index.js';
import { fromHex, toHex } from '../support/hex.js';
import { readVectors } from '../support/vectors.js';

const vector = readVectors<
  { source: string; encryptions: { sequence: number; pt: string; aad: string; ct: string }[] } & Record<
    'info' | 'skEm' | 'pkEm' | 'skRm' | 'pkRm' | 'enc',
    string
  >
>('crypto/rfc9180-a2-base.json');

function firstEncryption() {
  const [first] = vector.encryptions;
  if (first === undefined) throw new Error('the vector file has no encryption');
  return first;
}

/** Makes the platform's generator hand out the vector's ephemeral private key wherever 32 bytes are asked for. */
function fixEphemeralKey() {
  const generate = crypto.getRandomValues.bind(crypto);
  const skEm = fromHex(vector.skEm);
  vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => {
    if (!(array instanceof Uint8Array) || array.length !== skEm.length) return generate(array);
    array.set(skEm);
    return array;
  });
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('RFC 9180 A.2.1', () => {
  it('the public keys belong to the private ones', () => {
    expect(toHex(dhPublicKey(fromHex(vector.skRm)))).toBe(vector.pkRm);
    expect(toHex(dhPublicKey(fromHex(vector.skEm)))).toBe(vector.pkEm);
  });

  it('opens the published ciphertext', () => {
    const { pt, aad, ct } = firstEncryption();
    const opened = hpkeOpen(fromHex(vector.skRm), fromHex(vector.enc), fromHex(ct), {
      info: fromHex(vector.info),
      aad: fromHex(aad),
    });
    expect(toHex(opened)).toBe(pt);
  });

  it('seals to the published bytes when the generator gives the published ephemeral key', () => {
    fixEphemeralKey();
    const { pt, aad, ct } = firstEncryption();
    const sealed = hpkeSeal(fromHex(vector.pkRm), fromHex(pt), { info: fromHex(vector.info), aad: fromHex(aad) });
    expect(toHex(sealed.enc)).toBe(vector.enc);
    expect(toHex(sealed.ciphertext)).toBe(ct);
  });

  it('the bulk form seals to the same bytes as the single one', () => {
    fixEphemeralKey();
    const recipient = { publicKey: fromHex(vector.pkRm), info: fromHex(vector.info) };
    const plaintext = fromHex(firstEncryption().pt);
    const single = hpkeSeal(recipient.publicKey, plaintext, { info: recipient.info });
    expect(hpkeSealMany([recipient], plaintext)).toEqual([single]);
  });
});
