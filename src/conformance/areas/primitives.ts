/**
 * The primitives, against published vectors of others.
 *
 * @module
 */
import {
  aeadDecrypt,
  aeadEncrypt,
  dhPublicKey,
  hpkeOpen,
  hpkeSealMany,
  sign,
  signingPublicKey,
  verify,
  verifyBatch,
  x25519,
} from '../../crypto/index.js';
import { hkdfExpand, hkdfExtract, hmacSha256, sha256 } from '../../crypto/sha256.js';
import type { Area, Check } from '../area.js';
import { expectBytes, expectEqual, expectMeshError, expectThat } from '../expect.js';
import { fromHex, toHex } from '../hex.js';
import { withSeededRandomness } from '../seeded-randomness.js';
import { readVectors } from '../vectors.js';

/** A vector whose items are all hexadecimal text. */
type Hex<Name extends string> = Readonly<Record<Name, string>>;

type AeadVector = Hex<'key' | 'nonce' | 'aad' | 'plaintext' | 'ciphertext' | 'tag'>;

function checkAead({ key, nonce, aad, plaintext, ciphertext, tag }: AeadVector): Uint8Array {
  const sealed = aeadEncrypt(fromHex(key), fromHex(nonce), fromHex(plaintext), fromHex(aad));
  expectBytes('sealed', sealed, ciphertext + tag);
  expectBytes('opened', aeadDecrypt(fromHex(key), fromHex(nonce), sealed, fromHex(aad)), plaintext);
  for (const place of [0, sealed.length - 1]) {
    const forged = sealed.with(place, (sealed[place] ?? 0) ^ 1);
    expectMeshError('forged', 'authentication-failed', () =>
      aeadDecrypt(fromHex(key), fromHex(nonce), forged, fromHex(aad)),
    );
  }
  return sealed;
}

const HASHES: readonly Check[] = [
  {
    name: 'SHA-256 and HMAC-SHA256 agree with published digests',
    run: ({ record }) => {
      const vectors = readVectors<{
        source: string;
        sha256: Hex<'message' | 'digest'>[];
        hmacSha256: Hex<'key' | 'message' | 'mac'>[];
      }>('crypto/sha256.json');
      for (const { message, digest } of vectors.sha256) expectBytes('digest', sha256(fromHex(message)), digest);
      for (const { key, message, mac } of vectors.hmacSha256) {
        expectBytes('mac', hmacSha256(fromHex(key), fromHex(message)), mac);
      }
      record('digests and codes', vectors.sha256.length + vectors.hmacSha256.length);
    },
  },
  {
    name: 'HKDF-SHA256 agrees with RFC 5869',
    run: ({ record }) => {
      const { tests } = readVectors<{
        source: string;
        tests: (Hex<'name' | 'ikm' | 'salt' | 'info' | 'prk' | 'okm'> & { length: number })[];
      }>('crypto/rfc5869.json');
      for (const { name, ikm, salt, info, length, prk, okm } of tests) {
        const extracted = hkdfExtract(fromHex(salt), fromHex(ikm));
        expectBytes(`${name}: extracted`, extracted, prk);
        const expanded = hkdfExpand(extracted, fromHex(info), length);
        expectBytes(`${name}: expanded`, expanded, okm);
        record(name, expanded);
      }
    },
  },
];

const CIPHERS: readonly Check[] = [
  {
    name: 'ChaCha20-Poly1305 seals and opens as RFC 8439 says, and refuses changed bytes',
    run: ({ record }) => {
      const { aead } = readVectors<{ source: string; aead: (AeadVector & { name: string })[] }>('crypto/rfc8439.json');
      for (const vector of aead) record(vector.name, checkAead(vector));
    },
  },
  {
    name: "ChaCha20-Poly1305 agrees with BoringSSL's collection",
    run: ({ record }) => {
      const { tests } = readVectors<{ source: string; tests: AeadVector[] }>('crypto/boringssl-chacha20-poly1305.json');
      for (const vector of tests) checkAead(vector);
      record('vectors', tests.length);
    },
  },
  {
    name: 'XChaCha20-Poly1305 seals and opens as draft-irtf-cfrg-xchacha-03 says',
    run: ({ record }) => {
      const { aead } = readVectors<{ source: string; aead: AeadVector }>('crypto/draft-irtf-cfrg-xchacha-03.json');
      record('sealed', checkAead(aead));
    },
  },
  {
    name: 'long texts, which stream through the window, are sealed as one',
    run: ({ record }) => {
      const key = fromHex('42'.repeat(32));
      for (const length of [65_535, 65_536, 65_537, 200_000]) {
        const text = Uint8Array.from({ length }, (_, i) => (i * 31) & 0xff);
        const sealed = aeadEncrypt(key, new Uint8Array(12), text);
        expectBytes('opened', aeadDecrypt(key, new Uint8Array(12), sealed), text);
        record(`tag of ${length} bytes`, sealed.subarray(-16));
      }
    },
  },
];

const CURVES: readonly Check[] = [
  {
    name: 'X25519 agrees with RFC 7748',
    run: ({ record }) => {
      const vectors = readVectors<{
        source: string;
        scalarMultiplications: Hex<'scalar' | 'u' | 'result'>[];
        iterated: Hex<'start' | 'after1' | 'after1000'>;
        diffieHellman: Hex<'alicePrivate' | 'alicePublic' | 'bobPrivate' | 'bobPublic' | 'shared'>;
      }>('crypto/rfc7748.json');
      for (const { scalar, u, result } of vectors.scalarMultiplications) {
        expectBytes('product', x25519(fromHex(scalar), fromHex(u)), result);
      }
      const { alicePrivate, alicePublic, bobPrivate, bobPublic, shared } = vectors.diffieHellman;
      expectBytes('public key', dhPublicKey(fromHex(alicePrivate)), alicePublic);
      expectBytes('public key', dhPublicKey(fromHex(bobPrivate)), bobPublic);
      expectBytes('secret of one side', x25519(fromHex(alicePrivate), fromHex(bobPublic)), shared);
      expectBytes('secret of the other', x25519(fromHex(bobPrivate), fromHex(alicePublic)), shared);
      const { start, after1, after1000 } = vectors.iterated;
      let [scalar, u] = [fromHex(start), fromHex(start)];
      for (let i = 1; i <= 1_000; i++) {
        [scalar, u] = [x25519(scalar, u), scalar];
        if (i === 1) expectBytes('after one iteration', scalar, after1);
      }
      expectBytes('after a thousand iterations', scalar, after1000);
      record('iterated', scalar);
    },
  },
  {
    name: 'X25519 refuses every encoding of a point of small order',
    run: ({ record }) => {
      const { points } = readVectors<{ source: string; points: string[] }>('protocol/x25519-low-order.json');
      for (const point of points) {
        expectMeshError(point, 'invalid-input', () => x25519(fromHex('77'.repeat(32)), fromHex(point)));
      }
      record('points', points.length);
    },
  },
  {
    name: 'Ed25519 signs and verifies as RFC 8032 says',
    run: ({ record }) => {
      const { tests } = readVectors<{
        source: string;
        tests: Hex<'name' | 'privateKey' | 'publicKey' | 'message' | 'signature'>[];
      }>('crypto/rfc8032.json');
      for (const { name, privateKey, publicKey, message, signature } of tests) {
        expectBytes('public key', signingPublicKey(fromHex(privateKey)), publicKey);
        const signed = sign(fromHex(privateKey), fromHex(message));
        expectBytes(name, signed, signature);
        expectThat(verify(fromHex(publicKey), signed, fromHex(message)), `${name} to verify`);
        record(name, signed);
      }
    },
  },
  {
    name: 'crafted signatures get the verdicts of the one rule, one by one and in batches',
    run: ({ record }) => {
      const { cases } = readVectors<{
        source: string;
        cases: (Hex<'family' | 'public_key' | 'signature' | 'message'> & { verifies: boolean })[];
      }>('protocol/ed25519-verification.json');
      const items = cases.map((item) => ({
        publicKey: fromHex(item.public_key),
        signature: fromHex(item.signature),
        message: fromHex(item.message),
      }));
      const together = verifyBatch(items);
      for (const [i, { family, verifies }] of cases.entries()) {
        const item = items[i];
        if (item === undefined) throw new Error('a case without an item');
        expectEqual(family, verify(item.publicKey, item.signature, item.message), verifies);
        expectEqual(`${family}, in a batch`, together[i], verifies);
      }
      record('verdicts', together.map(Number).join(''));
    },
  },
];

const HPKE: readonly Check[] = [
  {
    name: 'HPKE opens what RFC 9180 A.2.1 sealed',
    run: ({ record }) => {
      const { skRm, enc, info, encryptions } = readVectors<
        Hex<'source' | 'skRm' | 'enc' | 'info'> & { encryptions: Hex<'pt' | 'aad' | 'ct'>[] }
      >('crypto/rfc9180-a2-base.json');
      for (const { pt, aad, ct } of encryptions) {
        const opened = hpkeOpen(fromHex(skRm), fromHex(enc), fromHex(ct), { info: fromHex(info), aad: fromHex(aad) });
        expectBytes('opened', opened, pt);
        record('opened', opened);
      }
    },
  },
  {
    name: 'HPKE seals one text to many, each openable by its recipient alone',
    run: ({ record }) => {
      const keys = Array.from({ length: 9 }, (_, i) => fromHex((i + 1).toString(16).padStart(2, '0').repeat(32)));
      const recipients = keys.map((key, i) => ({ publicKey: dhPublicKey(key), info: Uint8Array.of(i) }));
      const text = fromHex('53'.repeat(32));
      const slots = withSeededRandomness('hpke', () => hpkeSealMany(recipients, text));
      for (const [i, { enc, ciphertext }] of slots.entries()) {
        for (const [j, key] of keys.entries()) {
          const open = () => hpkeOpen(key, enc, ciphertext, { info: Uint8Array.of(i) });
          if (i === j) expectBytes('opened', open(), text);
          else expectMeshError('opened by another one', 'authentication-failed', open);
        }
        record(`slot ${i}`, toHex(enc) + toHex(ciphertext));
      }
    },
  },
];

/** See the module's header. */
export const PRIMITIVES: Area = { name: 'primitives', checks: [...HASHES, ...CIPHERS, ...CURVES, ...HPKE] };
