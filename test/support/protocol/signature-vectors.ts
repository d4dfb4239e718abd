/**
 * Vectors of the two places where implementations of the curves differ: which crafted signatures verify, and which points
 * X25519 refuses.
 *
 * @module
 */
import { toHex } from '../hex.js';
import { LOW_ORDER_U } from '../low-order-points.js';
import { SeededRandom } from '../seeded-random.js';
import { VerificationCases } from '../verification-cases.js';

const ROUNDS = 20;

/** The content of `ed25519-verification.json` and `x25519-low-order.json`. */
export function signatureVectors() {
  const cases = new VerificationCases(new SeededRandom(8032), 8, 16);
  return {
    'ed25519-verification.json': {
      source: 'The verification rule of docs/protocol.md; each verdict follows from how the signature was made',
      cases: Array.from({ length: ROUNDS }, () => cases.round())
        .flat()
        .map(({ family, publicKey, signature, message, expected }) => ({
          family,
          public_key: toHex(publicKey),
          signature: toHex(signature),
          message: toHex(message),
          verifies: expected,
        })),
    },
    'x25519-low-order.json': {
      source: 'RFC 7748 §6.1: every encoding of a point of small order, to be refused with any private key',
      points: LOW_ORDER_U.map(toHex),
    },
  };
}
