/**
 * Every public function that handles a secret, as a call in which nothing but a 32-byte secret varies: what the proofs of constant time and of
 * wiping run.
 *
 * @module
 */
import { vi } from 'vitest';
import { concatBytes } from '../../src/bytes.js';
import { hkdfExpand } from '../../src/crypto/sha256.js';
import type { FreshCrypto } from './fresh-crypto.js';
import { LOW_ORDER_U } from './low-order-points.js';
import { SeededRandom } from './seeded-random.js';

type CryptoApi = FreshCrypto['api'];

/** A call with one secret. */
export interface SecretScenario {
  readonly name: string;
  /**
   * Readies a call for a secret: everything else is the same for every secret, or follows from it where it must (the ciphertext that a
   * secret key opens). The call gives what becomes public or belongs to the caller; an error counts as nothing.
   */
  readonly prepare: (api: CryptoApi, secret: Uint8Array) => () => Uint8Array[];
}

const random = new SeededRandom(0xc0ffee);
const PEER_PRIVATE_KEY = random.bytes(32);
const AAD = random.bytes(21);
const INFO = random.bytes(45);
const SEED = random.bytes(32);

/** `length` bytes that follow from the secret. */
function derive(secret: Uint8Array, length: number): Uint8Array {
  const block = hkdfExpand(secret, INFO, Math.min(length, 512));
  const repeated = new Uint8Array(length);
  for (let start = 0; start < length; start += 512) repeated.set(block.subarray(0, length - start), start);
  return repeated;
}

/** Runs the action while the platform's generator gives bytes that follow from the secret. */
function withRandomness<Result>(secret: Uint8Array, action: () => Result): Result {
  const generator = vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => {
    if (array instanceof Uint8Array) array.set(array.length === 32 ? secret : derive(secret, array.length));
    return array;
  });
  try {
    return action();
  } finally {
    generator.mockRestore();
  }
}

/** What the action gives, nothing if it throws. */
function orNothing(action: () => Uint8Array[]): Uint8Array[] {
  try {
    return action();
  } catch {
    return [];
  }
}

function flipLast(bytes: Uint8Array): Uint8Array {
  return bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1);
}

function aeadScenarios(nonceLength: number, textLength: number): SecretScenario[] {
  const nonce = new SeededRandom(nonceLength).bytes(nonceLength);
  const name = `${nonceLength === 24 ? 'XChaCha20' : 'ChaCha20'}-Poly1305, ${textLength} bytes`;
  const inputs = (api: CryptoApi, secret: Uint8Array) => {
    const plaintext = derive(secret, textLength);
    return { plaintext, sealed: api.aeadEncrypt(secret, nonce, plaintext, AAD) };
  };
  return [
    {
      name: `aeadEncrypt, ${name}`,
      prepare: (api, secret) => {
        const { plaintext } = inputs(api, secret);
        return () => [api.aeadEncrypt(secret, nonce, plaintext, AAD)];
      },
    },
    {
      name: `aeadDecrypt, ${name}`,
      prepare: (api, secret) => {
        const { sealed } = inputs(api, secret);
        return () => {
          api.aeadDecrypt(secret, nonce, sealed, AAD);
          return [sealed];
        };
      },
    },
    {
      name: `aeadDecrypt of a forgery, ${name}`,
      prepare: (api, secret) => {
        const forged = flipLast(inputs(api, secret).sealed);
        return () => {
          orNothing(() => [api.aeadDecrypt(secret, nonce, forged, AAD)]);
          return [forged];
        };
      },
    },
  ];
}

const KEY_SCENARIOS: readonly SecretScenario[] = [
  {
    name: 'dhPublicKey',
    prepare: (api, secret) => () => [api.dhPublicKey(secret)],
  },
  {
    name: 'x25519',
    prepare: (api, secret) => {
      const peer = api.dhPublicKey(PEER_PRIVATE_KEY);
      return () => {
        api.x25519(secret, peer);
        return [peer];
      };
    },
  },
  {
    name: 'x25519 with a low-order point',
    prepare: (api, secret) => {
      const peer = LOW_ORDER_U.at(-1) ?? secret;
      return () => {
        orNothing(() => [api.x25519(secret, peer)]);
        return [peer];
      };
    },
  },
  {
    name: 'ecdhSharedSecret',
    prepare: (api, secret) => {
      const peer = api.dhPublicKey(PEER_PRIVATE_KEY);
      return () => {
        api.ecdhSharedSecret(secret, peer);
        return [peer];
      };
    },
  },
  {
    name: 'signingPublicKey',
    prepare: (api, secret) => () => [api.signingPublicKey(secret)],
  },
  ...[0, 100, 1000, 70_000].map(
    (length): SecretScenario => ({
      name: `sign, ${length} bytes`,
      prepare: (api, secret) => {
        const message = new SeededRandom(length).bytes(length);
        const publicKey = api.signingPublicKey(secret);
        return () => [concatBytes(api.sign(secret, message), publicKey), message];
      },
    }),
  ),
];

const HPKE_SCENARIOS: readonly SecretScenario[] = [
  {
    name: 'hpkeSeal with a secret ephemeral key',
    prepare: (api, secret) => {
      const recipient = api.dhPublicKey(PEER_PRIVATE_KEY);
      return () => {
        const sealed = withRandomness(secret, () =>
          api.hpkeSeal(recipient, derive(secret, 100), { info: INFO, aad: AAD }),
        );
        return [recipient, sealed.enc, sealed.ciphertext];
      };
    },
  },
  {
    name: 'hpkeSealMany with secret ephemeral keys',
    prepare: (api, secret) => {
      const recipients = Array.from({ length: 5 }, (_, i) => ({
        publicKey: api.dhPublicKey(new SeededRandom(i).bytes(32)),
        info: INFO,
      }));
      return () => {
        const slots = withRandomness(secret, () => api.hpkeSealMany(recipients, derive(secret, 32)));
        return [
          ...recipients.map(({ publicKey }) => publicKey),
          ...slots.flatMap(({ enc, ciphertext }) => [enc, ciphertext]),
        ];
      };
    },
  },
  ...[false, true].map(
    (forged): SecretScenario => ({
      name: forged ? 'hpkeOpen of a forgery' : 'hpkeOpen',
      prepare: (api, secret) => {
        const publicKey = api.dhPublicKey(secret);
        const options = { info: INFO, aad: AAD };
        const { enc, ciphertext } = withRandomness(SEED, () => api.hpkeSeal(publicKey, AAD, options));
        const received = forged ? flipLast(ciphertext) : ciphertext;
        return () => {
          orNothing(() => [api.hpkeOpen(secret, enc, received, options)]);
          return [publicKey, enc, received];
        };
      },
    }),
  ),
];

/** All scenarios. */
export const SECRET_SCENARIOS: readonly SecretScenario[] = [
  ...KEY_SCENARIOS,
  ...[0, 64, 300, 1100].flatMap((length) => aeadScenarios(12, length)),
  ...[64, 70_000].flatMap((length) => aeadScenarios(24, length)),
  ...HPKE_SCENARIOS,
];
