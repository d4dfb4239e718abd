/**
 * HPKE beneath the public functions: the key schedule of the core against the intermediate values of RFC 9180 A.2.1, and seals with a given
 * ephemeral key.
 *
 * @module
 */
import { Chacha20Poly1305 } from '@hpke/chacha20poly1305';
import { CipherSuite, HkdfSha256 } from '@hpke/core';
import { DhkemX25519HkdfSha256 } from '@hpke/dhkem-x25519';
import { describe, expect, it } from 'vitest';
import { core } from '../../src/crypto/core.js';
import { hpkeSealWithEphemeral } from '../../src/crypto/hpke.js';
import { generateDhKeypair, hpkeOpen, hpkeSeal, hpkeSealMany, x25519 } from '../../src/crypto/index.js';
import { InvalidInputError } from '../../src/errors.js';
import { fromHex, toHex } from '../support/hex.js';
import { LOW_ORDER_U } from '../support/low-order-points.js';
import { SeededRandom } from '../support/seeded-random.js';
import { readVectors } from '../support/vectors.js';

const vector = readVectors<
  { source: string; encryptions: { pt: string; aad: string; ct: string }[] } & Record<
    'info' | 'skEm' | 'pkRm' | 'skRm' | 'enc' | 'key' | 'base_nonce',
    string
  >
>('crypto/rfc9180-a2-base.json');

const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Chacha20Poly1305(),
});

describe('the key schedule in the core', () => {
  const [STATE, DH, ENC, RECIPIENT, KEY, NONCE] = [1024, 0, 32, 64, 96, 128];
  const { call, memory, window } = core();

  function keySchedule(info: Uint8Array, partSize: number): { key: string; nonce: string } {
    call.hpkeStart(window + STATE);
    for (let at = 0; at < info.length; at += partSize) {
      const part = info.subarray(at, at + partSize);
      memory.set(part, window + 2048);
      call.sha256Update(window + STATE, window + 2048, part.length);
    }
    memory.set(x25519(fromHex(vector.skEm), fromHex(vector.pkRm)), window + DH);
    memory.set(fromHex(vector.enc), window + ENC);
    memory.set(fromHex(vector.pkRm), window + RECIPIENT);
    call.hpkeKeySchedule(window + STATE, window + DH, window + ENC, window + RECIPIENT, window + KEY, window + NONCE);
    return {
      key: toHex(memory.slice(window + KEY, window + KEY + 32)),
      nonce: toHex(memory.slice(window + NONCE, window + NONCE + 12)),
    };
  }

  it('gives the published key and base nonce, the first time and again', () => {
    const published = { key: vector.key, nonce: vector.base_nonce };
    expect(keySchedule(fromHex(vector.info), 64)).toEqual(published);
    expect(keySchedule(fromHex(vector.info), 64)).toEqual(published);
  });

  it('does not depend on how the info is cut', () => {
    const info = new SeededRandom(9180).bytes(500);
    const whole = keySchedule(info, 500);
    for (const partSize of [1, 63, 64, 65, 499]) expect(keySchedule(info, partSize)).toEqual(whole);
  });
});

describe('a seal with a given ephemeral key', () => {
  it('is the published one (RFC 9180 A.2.1)', () => {
    const [first] = vector.encryptions;
    if (first === undefined) throw new Error('the vector file has no encryption');
    const options = { info: fromHex(vector.info), aad: fromHex(first.aad) };
    const sealed = hpkeSealWithEphemeral(fromHex(vector.skEm), fromHex(vector.pkRm), fromHex(first.pt), options);
    expect(toHex(sealed.enc)).toBe(vector.enc);
    expect(toHex(sealed.ciphertext)).toBe(first.ct);
  });
});

describe('infos, associated data and texts longer than the window', () => {
  it('are opened by @hpke/core, and its by us', async () => {
    const random = new SeededRandom(9181);
    const { privateKey, publicKey } = generateDhKeypair();
    const options = { info: random.bytes(150_001), aad: random.bytes(70_003) };
    const text = random.bytes(200_007);
    const recipientKey = await suite.kem.deserializePrivateKey(privateKey);
    const sealed = hpkeSeal(publicKey, text, options);
    const opened = await suite.open(
      { recipientKey, enc: sealed.enc, info: options.info },
      sealed.ciphertext,
      options.aad,
    );
    expect(toHex(new Uint8Array(opened))).toBe(toHex(text));

    const recipientPublicKey = await suite.kem.deserializePublicKey(publicKey);
    const theirs = await suite.seal({ recipientPublicKey, info: options.info }, text, options.aad);
    const ours = hpkeOpen(privateKey, new Uint8Array(theirs.enc), new Uint8Array(theirs.ct), options);
    expect(toHex(ours)).toBe(toHex(text));
  });
});

describe('hpkeSealMany', () => {
  it('opens for each of more recipients than are worked on together, each under an encapsulation of its own', () => {
    const random = new SeededRandom(9182);
    const pairs = Array.from({ length: 70 }, () => generateDhKeypair());
    const recipients = pairs.map(({ publicKey }, i) => ({ publicKey, info: random.bytes(i) }));
    const text = random.bytes(32);
    const sealed = hpkeSealMany(recipients, text);
    expect(new Set(sealed.map(({ enc }) => toHex(enc))).size).toBe(70);
    for (const [i, { enc, ciphertext }] of sealed.entries()) {
      const [pair, recipient] = [pairs[i], recipients[i]];
      if (pair === undefined || recipient === undefined) throw new Error('more results than recipients');
      expect(toHex(hpkeOpen(pair.privateKey, enc, ciphertext, { info: recipient.info }))).toBe(toHex(text));
    }
  });

  it('has nothing for nobody', () => {
    expect(hpkeSealMany([], new Uint8Array(3))).toEqual([]);
  });

  it('names the recipient whose key is of low order, wherever it stands', () => {
    const info = new Uint8Array(0);
    for (const lowOrder of LOW_ORDER_U) {
      for (const index of [0, 31, 32, 40]) {
        const recipients = Array.from({ length: 41 }, (_, i) => ({
          publicKey: i === index ? lowOrder : fromHex(vector.pkRm),
          info,
        }));
        const seal = () => hpkeSealMany(recipients, info);
        expect(seal).toThrow(InvalidInputError);
        expect(seal).toThrow(`recipients[${index}].publicKey`);
      }
      expect(() => hpkeSeal(lowOrder, info)).toThrow(/recipientPublicKey is of low order/);
      expect(() => hpkeOpen(fromHex(vector.skRm), lowOrder, new Uint8Array(16))).toThrow(/enc is of low order/);
    }
  });
});
