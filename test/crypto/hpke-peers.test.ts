/**
 * HPKE against `@hpke/core`, both ways, and what must not open.
 *
 * @module
 */
import { Chacha20Poly1305 } from '@hpke/chacha20poly1305';
import { CipherSuite, HkdfSha256 } from '@hpke/core';
import { DhkemX25519HkdfSha256 } from '@hpke/dhkem-x25519';
import { describe, expect, it } from 'vitest';
import {
  AuthenticationError,
  generateDhKeypair,
  hpkeOpen,
  hpkeSeal,
  hpkeSealMany,
  InvalidInputError,
} from '../../src/crypto/index.js';
import { toHex } from '../support/hex.js';
import { LOW_ORDER_U } from '../support/low-order-points.js';
import { SeededRandom } from '../support/seeded-random.js';

const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Chacha20Poly1305(),
});

/** The bytes in an `ArrayBuffer` of their own, as `@hpke/core` takes them. */
function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function randomCase(random: SeededRandom, i: number) {
  return {
    plaintext: random.bytes(i % 7 === 0 ? 0 : random.below(1 << (3 + (i % 14)))),
    info: random.bytes(i % 5 === 0 ? 0 : random.below(300)),
    aad: random.bytes(i % 3 === 0 ? 0 : random.below(100)),
  };
}

describe('HPKE agrees with @hpke/core', () => {
  it('which opens what hpkeSeal and hpkeSealMany sealed', async () => {
    const random = new SeededRandom(9180);
    for (let i = 0; i < 120; i++) {
      const { privateKey, publicKey } = generateDhKeypair();
      const { plaintext, info, aad } = randomCase(random, i);
      const sealed = hpkeSeal(publicKey, plaintext, { info, aad });
      const recipientKey = await suite.kem.importKey('raw', bufferOf(privateKey), false);
      const parameters = { recipientKey, info: bufferOf(info) };
      const opened = await suite.open(
        { ...parameters, enc: bufferOf(sealed.enc) },
        bufferOf(sealed.ciphertext),
        bufferOf(aad),
      );
      expect(new Uint8Array(opened)).toEqual(plaintext);
      const [bulk] = hpkeSealMany([{ publicKey, info }], plaintext);
      if (bulk === undefined) throw new Error('hpkeSealMany gave no slot');
      const openedBulk = await suite.open({ ...parameters, enc: bufferOf(bulk.enc) }, bufferOf(bulk.ciphertext));
      expect(new Uint8Array(openedBulk)).toEqual(plaintext);
    }
  });

  it('whose sealed messages hpkeOpen opens', async () => {
    const random = new SeededRandom(9181);
    for (let i = 0; i < 120; i++) {
      const { privateKey, publicKey } = generateDhKeypair();
      const { plaintext, info, aad } = randomCase(random, i);
      const recipientPublicKey = await suite.kem.importKey('raw', bufferOf(publicKey), true);
      const { enc, ct } = await suite.seal(
        { recipientPublicKey, info: bufferOf(info) },
        bufferOf(plaintext),
        bufferOf(aad),
      );
      expect(hpkeOpen(privateKey, new Uint8Array(enc), new Uint8Array(ct), { info, aad })).toEqual(plaintext);
    }
  });
});

describe('HPKE', () => {
  it('hpkeSealMany gives every recipient a slot of its own, that this recipient alone opens', () => {
    const random = new SeededRandom(9182);
    for (const count of [0, 1, 2, 3, 4, 5, 31, 64, 65]) {
      const pairs = Array.from({ length: count }, () => generateDhKeypair());
      const recipients = pairs.map(({ publicKey }, i) => ({ publicKey, info: random.bytes(i) }));
      const plaintext = random.bytes(32);
      const slots = hpkeSealMany(recipients, plaintext);
      expect(slots).toHaveLength(count);
      expect(new Set(slots.map(({ enc }) => toHex(enc))).size).toBe(count);
      slots.forEach(({ enc, ciphertext }, i) => {
        const info = recipients[i]?.info ?? new Uint8Array(0);
        pairs.forEach(({ privateKey }, j) => {
          if (i === j) expect(hpkeOpen(privateKey, enc, ciphertext, { info })).toEqual(plaintext);
          else if (Math.abs(i - j) < 3) {
            expect(() => hpkeOpen(privateKey, enc, ciphertext, { info })).toThrow(AuthenticationError);
          }
        });
      });
    }
  });

  it('seals the same text to other bytes each time', () => {
    const { publicKey } = generateDhKeypair();
    const sealed = Array.from({ length: 20 }, () => hpkeSeal(publicKey, new Uint8Array(32)));
    expect(new Set(sealed.map(({ enc }) => toHex(enc))).size).toBe(20);
    expect(new Set(sealed.map(({ ciphertext }) => toHex(ciphertext))).size).toBe(20);
  });

  it('refuses a wrong bit in enc, ciphertext, info or aad', () => {
    const random = new SeededRandom(9183);
    const { privateKey, publicKey } = generateDhKeypair();
    const [info, aad, plaintext] = [random.bytes(20), random.bytes(9), random.bytes(50)];
    const { enc, ciphertext } = hpkeSeal(publicKey, plaintext, { info, aad });
    const honest = { enc, ciphertext, info, aad };
    for (const part of ['enc', 'ciphertext', 'info', 'aad'] as const) {
      for (let bit = 0; bit < 8 * honest[part].length; bit++) {
        const bytes = honest[part];
        const forged = { ...honest, [part]: bytes.with(bit >>> 3, (bytes[bit >>> 3] ?? 0) ^ (1 << (bit & 7))) };
        expect(
          () => hpkeOpen(privateKey, forged.enc, forged.ciphertext, { info: forged.info, aad: forged.aad }),
          `${part}, bit ${bit}`,
        ).toThrow(AuthenticationError);
      }
    }
  });

  it('refuses low-order public keys and encapsulations', () => {
    const { privateKey, publicKey } = generateDhKeypair();
    for (const point of LOW_ORDER_U) {
      expect(() => hpkeSeal(point, new Uint8Array(1))).toThrow(InvalidInputError);
      expect(() => hpkeOpen(privateKey, point, new Uint8Array(17))).toThrow(InvalidInputError);
      const recipients = [publicKey, point, publicKey].map((key) => ({ publicKey: key, info: new Uint8Array(0) }));
      expect(() => hpkeSealMany(recipients, new Uint8Array(1))).toThrow(InvalidInputError);
    }
  });
});
