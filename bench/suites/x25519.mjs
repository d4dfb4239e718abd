/**
 * Key agreement: X25519 (RFC 7748) with another key pair in every call.
 *
 * @module
 */
import { x25519 as reference } from '@noble/curves/ed25519.js';
import { byteSource, sameBytes } from '../bytes.mjs';
import { task } from './task.mjs';

/** @type {import('../types.js').Suite} */
export const x25519 = {
  id: 'x25519',
  title: 'Key agreement',
  cases: () => {
    const bytes = byteSource(1);
    const inputs = Array.from({ length: 64 }, () => ({
      privateKey: bytes(32),
      peerPublicKey: reference.getPublicKey(bytes(32)),
    }));
    return [
      {
        id: 'x25519',
        title: 'x25519',
        item: 'call',
        tasks: [
          task({
            operation: (operations) => operations.x25519,
            inputs,
            check: (result, input) =>
              sameBytes(result, reference.getSharedSecret(input.privateKey, input.peerPublicKey)),
          }),
        ],
      },
    ];
  },
};
