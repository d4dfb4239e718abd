/**
 * The public key of an X25519 private key. WebCrypto and node:crypto have no such call: they make a fresh key pair and
 * export its public half, or import the private key and export it again.
 *
 * @module
 */
import { x25519 as reference } from '@noble/curves/ed25519.js';
import { byteSource, sameBytes } from '../bytes.mjs';
import { task } from './task.mjs';

/** @type {import('../types.js').Suite} */
export const dhPublicKey = {
  id: 'dhPublicKey',
  title: 'X25519 public key',
  cases: () => {
    const bytes = byteSource(2);
    const inputs = Array.from({ length: 64 }, () => ({ privateKey: bytes(32) }));
    return [
      {
        id: 'dhPublicKey',
        title: 'dhPublicKey',
        item: 'call',
        note: 'Where no private key is imported, node:crypto and WebCrypto make a fresh key pair and export its public key.',
        tasks: [
          task({
            operation: (operations) => operations.dhPublicKey,
            inputs,
            check: (result, { privateKey }) => sameBytes(result, reference.getPublicKey(privateKey)),
          }),
          task({
            operation: (operations) => operations.dhKeygen,
            inputs,
            check: async ({ publicKey, exportPrivateKey }) =>
              sameBytes(publicKey, reference.getPublicKey(await exportPrivateKey())),
          }),
        ],
      },
    ];
  },
};
