/**
 * The primitives, against published vectors.
 *
 * @module
 */
import {
  aeadDecrypt,
  aeadEncrypt,
  dhPublicKey,
  hpkeOpen,
  sign,
  signingPublicKey,
  verify,
  verifyBatch,
  x25519,
} from '../../crypto/index.js';
import type { Area } from '../area.js';
import { expectBytes, expectMeshError, expectThat } from '../expect.js';
import { fromHex } from '../hex.js';
import { AEAD, ED25519, HPKE, type SignatureVector, X25519 } from '../vectors/crypto.js';

function checkSignature({ privateKey, publicKey, message, signature }: SignatureVector): Uint8Array {
  const key = fromHex(privateKey);
  const bytes = fromHex(message);
  expectBytes('public key', signingPublicKey(key), publicKey);
  const signed = sign(key, bytes);
  expectBytes('signature', signed, signature);
  expectThat(verify(fromHex(publicKey), signed, bytes), 'the signature to verify');
  return signed;
}

/** See the module's header. */
export const CRYPTO: Area = {
  name: 'crypto',
  checks: [
    {
      name: 'Ed25519 signs as RFC 8032 §7.1 says',
      run: ({ record }) => {
        for (const vector of ED25519) record(vector.name, checkSignature(vector));
      },
    },
    {
      name: 'a batch finds the one bad signature',
      run: () => {
        const items = ED25519.map(({ publicKey, message, signature }) => ({
          publicKey: fromHex(publicKey),
          message: fromHex(message),
          signature: fromHex(signature),
        }));
        const last = items.length - 1;
        items[last]?.signature.fill(1, 0, 1);
        const verdicts = verifyBatch(items);
        expectThat(
          verdicts.every((verdict, i) => verdict === (i !== last)),
          'every signature but the last to verify',
        );
      },
    },
    {
      name: 'X25519 agrees as RFC 7748 §6.1 says',
      run: ({ record }) => {
        const alice = fromHex(X25519.alicePrivate);
        expectBytes('public key', dhPublicKey(alice), X25519.alicePublic);
        const shared = x25519(alice, fromHex(X25519.bobPublic));
        expectBytes('shared secret', shared, X25519.shared);
        record('shared secret', shared);
      },
    },
    {
      name: 'ChaCha20-Poly1305 and XChaCha20-Poly1305 encrypt as RFC 8439 §2.8.2 and draft-irtf-cfrg-xchacha-03 A.3.1 say',
      run: ({ record }) => {
        for (const { name, key, nonce, aad, plaintext, sealed } of AEAD) {
          const encrypted = aeadEncrypt(fromHex(key), fromHex(nonce), fromHex(plaintext), fromHex(aad));
          expectBytes(name, encrypted, sealed);
          expectBytes(name, aeadDecrypt(fromHex(key), fromHex(nonce), encrypted, fromHex(aad)), plaintext);
          record(name, encrypted);
          encrypted[0] = (encrypted[0] ?? 0) ^ 1;
          expectMeshError(name, 'authentication-failed', () =>
            aeadDecrypt(fromHex(key), fromHex(nonce), encrypted, fromHex(aad)),
          );
        }
      },
    },
    {
      name: 'HPKE opens as RFC 9180 A.2.1 says',
      run: ({ record }) => {
        const { privateKey, enc, ciphertext, info, aad, plaintext } = HPKE;
        const options = { info: fromHex(info), aad: fromHex(aad) };
        const opened = hpkeOpen(fromHex(privateKey), fromHex(enc), fromHex(ciphertext), options);
        expectBytes('plaintext', opened, plaintext);
        record('plaintext', opened);
      },
    },
  ],
};
