/**
 * Ed25519 signatures (RFC 8032) of 100-byte messages.
 *
 * @module
 */
import { ed25519 as reference } from '@noble/curves/ed25519.js';
import { byteSource, sameBytes } from '../bytes.mjs';
import { task } from './task.mjs';

/** @type {import('../types.js').Suite} */
export const sign = {
  id: 'sign',
  title: 'Signing',
  cases: () => {
    const bytes = byteSource(3);
    const inputs = Array.from({ length: 64 }, () => {
      const privateKey = bytes(32);
      return { privateKey, publicKey: reference.getPublicKey(privateKey), message: bytes(100) };
    });
    return [
      {
        id: 'sign',
        title: 'sign, 100 B',
        item: 'signature',
        note: 'Another key in every call. libsodium.js, stablelib and tweetnacl get the expanded 64-byte key they want.',
        tasks: [
          task({
            operation: (operations) => operations.sign,
            inputs,
            check: (result, { privateKey, message }) => sameBytes(result, reference.sign(message, privateKey)),
          }),
        ],
      },
    ];
  },
};
