/**
 * Every public function that handles a secret, as a call in which nothing but a 32-byte secret varies: what the proofs of constant time and of
 * wiping run.
 *
 * @module
 */
import { createHmac, hkdfSync } from 'node:crypto';
import { vi } from 'vitest';
import type { SignedMessage } from '../../src/crypto/index.js';
import {
  aeadSecrets,
  agreementSecrets,
  hpkeSecrets,
  type NamedSecrets,
  signingSecrets,
  stretch,
} from './derived-secrets.js';
import type { CryptoApi } from './fresh-crypto.js';
import { LOW_ORDER_U } from './low-order-points.js';
import { nodePrivateKey, nodePublicBytes } from './node-peer.js';
import { SeededRandom } from './seeded-random.js';

/** A readied call. */
interface SecretCall {
  /** Runs it, and gives what is or becomes public. An error of the call counts as no output. */
  readonly run: () => readonly Uint8Array[];
  /** The secrets that the call works with. */
  readonly secrets: NamedSecrets;
}

/** A call with one secret. */
export interface SecretScenario {
  readonly name: string;
  /**
   * Readies the call for a secret. Everything else is the same for every secret, or follows from it where it must (as the ciphertext that a
   * secret key opens).
   */
  readonly prepare: (api: CryptoApi, secret: Uint8Array) => SecretCall;
}

const random = new SeededRandom(0xc0ffee);
const AAD = random.bytes(21);
const INFO = random.bytes(45);
const PEER_PRIVATE_KEY = random.bytes(32);
const PEER = publicKeyOf(PEER_PRIVATE_KEY);
const LOW_ORDER_POINT = LOW_ORDER_U[LOW_ORDER_U.length - 1] ?? new Uint8Array(32);

function publicKeyOf(privateKey: Uint8Array): Uint8Array {
  return nodePublicBytes(nodePrivateKey('x25519', privateKey));
}

/** `length` bytes that follow from the secret. */
function textFor(secret: Uint8Array, length: number): Uint8Array {
  const text = new Uint8Array(length);
  const part = stretch(secret, 4096);
  for (let start = 0; start < length; start += part.length) text.set(part.subarray(0, length - start), start);
  return text;
}

/** Runs the action while the platform's generator gives the secret, or bytes that follow from it. */
function withRandomness<Result>(secret: Uint8Array, action: () => Result): Result {
  const generator = vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => {
    if (array instanceof Uint8Array) array.set(array.length === 32 ? secret : stretch(secret, array.length));
    return array;
  });
  try {
    return action();
  } finally {
    generator.mockRestore();
  }
}

/** Runs a call that fails; what it throws does not matter here. */
function failing(action: () => unknown): void {
  let failed = false;
  try {
    action();
  } catch {
    failed = true;
  }
  if (!failed) throw new Error('the call was to fail');
}

function flipLast(bytes: Uint8Array): Uint8Array {
  return bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1);
}

/** A scenario whose call returns secrets only, or nothing. */
function agreement(
  name: string,
  peer: Uint8Array,
  call: (api: CryptoApi, secret: Uint8Array) => unknown,
): SecretScenario {
  return {
    name,
    prepare: (api, secret) => ({
      secrets: agreementSecrets(secret, peer),
      run: () => {
        call(api, secret);
        return [peer];
      },
    }),
  };
}

const OTHER_SIGNER = new SeededRandom(0x51).bytes(32);

function signature(length: number): SecretScenario {
  const message = new SeededRandom(length).bytes(length);
  return {
    name: `sign, ${length} bytes`,
    prepare: (api, secret) => {
      const publicKey = nodePublicBytes(nodePrivateKey('ed25519', secret));
      // What is known of a signer comes from the last one, or is found by the key's array: the secret follows another key
      // here, then itself.
      const run = () => {
        const key = secret.slice();
        api.sign(OTHER_SIGNER.slice(), message);
        return [api.sign(key, message), api.sign(key, message), publicKey, message];
      };
      return { secrets: signingSecrets(secret, message), run };
    },
  };
}

function aead(nonceLength: 12 | 24, textLength: number): SecretScenario[] {
  const nonce = new SeededRandom(nonceLength).bytes(nonceLength);
  const suffix = `${nonceLength === 24 ? 'XChaCha20' : 'ChaCha20'}-Poly1305, ${textLength} bytes`;
  const prepare = (run: (api: CryptoApi, key: Uint8Array, plaintext: Uint8Array, sealed: Uint8Array) => Uint8Array) => {
    return (api: CryptoApi, secret: Uint8Array): SecretCall => {
      const plaintext = textFor(secret, textLength);
      const sealed = api.aeadEncrypt(secret, nonce, plaintext, AAD);
      const text = textLength >= 8 ? { text: plaintext.subarray(0, 4096) } : {};
      return { secrets: { ...aeadSecrets(secret, nonce), ...text }, run: () => [run(api, secret, plaintext, sealed)] };
    };
  };
  return [
    {
      name: `aeadEncrypt, ${suffix}`,
      prepare: prepare((api, key, plaintext) => api.aeadEncrypt(key, nonce, plaintext, AAD)),
    },
    {
      name: `aeadDecrypt, ${suffix}`,
      prepare: prepare((api, key, _, sealed) => {
        api.aeadDecrypt(key, nonce, sealed, AAD);
        return sealed;
      }),
    },
    {
      name: `aeadDecrypt into the caller's array, ${suffix}`,
      prepare: prepare((api, key, plaintext, sealed) => {
        api.aeadDecrypt(key, nonce, sealed, AAD, new Uint8Array(plaintext.length));
        return sealed;
      }),
    },
    {
      name: `aeadDecrypt of a forgery, ${suffix}`,
      prepare: prepare((api, key, _, sealed) => {
        const forged = flipLast(sealed);
        failing(() => api.aeadDecrypt(key, nonce, forged, AAD));
        return forged;
      }),
    },
  ];
}

const BROKEN_OFF_LENGTH = 150_000;

/** An array that cannot be read any more when half of it was: what memory that other threads see comes to, at worst. */
function unreadableHalfway(bytes: Uint8Array): Uint8Array {
  let reads = 0;
  return Object.defineProperty(bytes.slice(), 'buffer', {
    get: () => {
      if (++reads > 1) throw new RangeError('out of reach');
      return bytes.buffer;
    },
  });
}

/** Long messages in the middle of which the call fails. */
function brokenOff(nonceLength: 12 | 24): SecretScenario[] {
  const nonce = new SeededRandom(nonceLength).bytes(nonceLength);
  const suffix = `${nonceLength}-byte nonce, broken off`;
  const prepare = (run: (api: CryptoApi, secret: Uint8Array, text: Uint8Array) => Uint8Array) => {
    return (api: CryptoApi, secret: Uint8Array): SecretCall => {
      const text = textFor(secret, BROKEN_OFF_LENGTH);
      return {
        secrets: { ...aeadSecrets(secret, nonce), text: text.subarray(0, 4096) },
        run: () => [run(api, secret, text), AAD],
      };
    };
  };
  return [
    {
      name: `aeadEncrypt, ${suffix}`,
      prepare: prepare((api, secret, text) => {
        failing(() => api.aeadEncrypt(secret, nonce, unreadableHalfway(text), AAD));
        return AAD;
      }),
    },
    {
      name: `aeadDecrypt, ${suffix}`,
      prepare: prepare((api, secret, text) => {
        const sealed = api.aeadEncrypt(secret, nonce, text, AAD);
        failing(() => api.aeadDecrypt(secret, nonce, unreadableHalfway(sealed), AAD));
        return sealed;
      }),
    },
  ];
}

/** The message itself is the secret: what an invite holds is signed in the clear. */
const SIGNING_OF_SECRETS: SecretScenario = {
  name: 'sign, of a secret',
  prepare: (api, secret) => {
    const signer = OTHER_SIGNER.slice();
    const message = textFor(secret, 300);
    return {
      secrets: { secret, text: message },
      run: () => [api.sign(signer, message), api.signingPublicKey(signer)],
    };
  },
};

function sealing(length: number): SecretScenario {
  return {
    name: `hpkeSeal with a secret ephemeral key, ${length} bytes`,
    prepare: (api, secret) => ({
      secrets: hpkeSecrets(secret, PEER, publicKeyOf(secret), PEER, INFO),
      run: () => {
        const text = textFor(secret, length);
        const sealed = withRandomness(secret, () => api.hpkeSeal(PEER, text, { info: INFO, aad: AAD }));
        return [PEER, sealed.enc, sealed.ciphertext];
      },
    }),
  };
}

const SEALING_TO_MANY: SecretScenario = {
  name: 'hpkeSealMany with secret ephemeral keys',
  prepare: (api, secret) => {
    const recipients = Array.from({ length: 5 }, (_, i) => ({
      publicKey: publicKeyOf(new SeededRandom(i).bytes(32)),
      info: INFO,
    }));
    const text = textFor(secret, 32);
    return {
      secrets: { ...agreementSecrets(secret, null), text, randomness: stretch(secret, 160) },
      run: () => {
        const slots = withRandomness(secret, () => api.hpkeSealMany(recipients, text));
        const outputs = slots.flatMap(({ enc, ciphertext }) => [enc, ciphertext]);
        return [...recipients.map(({ publicKey }) => publicKey), ...outputs];
      },
    };
  },
};

function opening(name: string, length: number, change: (ciphertext: Uint8Array) => Uint8Array): SecretScenario {
  const options = { info: INFO, aad: AAD };
  return {
    name: `${name}, ${length} bytes`,
    prepare: (api, secret) => {
      const publicKey = publicKeyOf(secret);
      const plaintext = textFor(secret, length);
      const { enc, ciphertext } = withRandomness(PEER_PRIVATE_KEY, () => api.hpkeSeal(publicKey, plaintext, options));
      const received = change(ciphertext);
      const text = length > 0 ? { text: plaintext } : {};
      return {
        secrets: { ...hpkeSecrets(secret, enc, enc, publicKey, INFO), ...text },
        run: () => {
          if (received === ciphertext) api.hpkeOpen(secret, enc, received, options);
          else failing(() => api.hpkeOpen(secret, enc, received, options));
          return [publicKey, enc, received];
        },
      };
    },
  };
}

/** Hashes of secrets, as the mesh makes them: commitments, MACs and derived keys. */
const HASHING: readonly SecretScenario[] = [
  {
    name: 'sha256 of a secret',
    prepare: (api, secret) => ({ secrets: { secret }, run: () => [INFO, api.sha256(INFO, secret)] }),
  },
  {
    name: 'hmacSha256 under a secret key',
    prepare: (api, secret) => ({ secrets: { secret }, run: () => [INFO, api.hmacSha256(secret, INFO)] }),
  },
  {
    name: 'hkdfExtract and hkdfExpand',
    prepare: (api, secret) => {
      const prk = new Uint8Array(createHmac('sha256', AAD).update(secret).digest());
      return {
        secrets: { secret, prk, okm: new Uint8Array(hkdfSync('sha256', secret, AAD, INFO, 80)) },
        run: () => {
          api.hkdfExpand(api.hkdfExtract(AAD, secret), INFO, 80);
          return [AAD, INFO];
        },
      };
    },
  },
];

/** All scenarios. */
export const SECRET_SCENARIOS: readonly SecretScenario[] = [
  {
    name: 'dhPublicKey',
    prepare: (api, secret) => ({ secrets: agreementSecrets(secret, null), run: () => [api.dhPublicKey(secret)] }),
  },
  agreement('x25519', PEER, (api, secret) => api.x25519(secret, PEER)),
  agreement('x25519 with a low-order point', LOW_ORDER_POINT, (api, secret) =>
    failing(() => api.x25519(secret, LOW_ORDER_POINT)),
  ),
  agreement('ecdhSharedSecret', PEER, (api, secret) => api.ecdhSharedSecret(secret, PEER)),
  {
    name: 'signingPublicKey',
    prepare: (api, secret) => ({ secrets: signingSecrets(secret, null), run: () => [api.signingPublicKey(secret)] }),
  },
  ...[0, 100, 1000, 70_000].map(signature),
  SIGNING_OF_SECRETS,
  ...[0, 64, 300, 1100].flatMap((length) => aead(12, length)),
  ...[64, 70_000].flatMap((length) => aead(24, length)),
  ...([12, 24] as const).flatMap(brokenOff),
  ...[0, 100].map(sealing),
  SEALING_TO_MANY,
  ...HASHING,
  ...[0, 100].flatMap((length) => [
    opening('hpkeOpen', length, (ciphertext) => ciphertext),
    opening('hpkeOpen of a forgery', length, flipLast),
  ]),
];

function verifying(
  name: string,
  length: number,
  verdicts: (api: CryptoApi, good: SignedMessage, bad: SignedMessage) => readonly boolean[],
): SecretScenario {
  return {
    name: `${name}, of a secret message of ${length} bytes`,
    prepare: (api, secret) => {
      const message = textFor(secret, length);
      const good = {
        publicKey: api.signingPublicKey(OTHER_SIGNER),
        signature: api.sign(OTHER_SIGNER, message),
        message,
      };
      const bad = { ...good, signature: flipLast(good.signature) };
      const edge = Math.min(length, 4096);
      return {
        secrets: { beginning: message.subarray(0, edge), end: message.subarray(length - edge) },
        run: () => [Uint8Array.from(verdicts(api, good, bad), Number)],
      };
    },
  };
}

/**
 * Verification is public but for the message, which may hold secrets, as an invite does: it is wiped, while what follows from
 * its hash may stay, and show in the time.
 */
export const VERIFYING_SCENARIOS: readonly SecretScenario[] = [32, 100, 300, 5_000, 70_000].flatMap((length) => [
  verifying('verify', length, (api, good) => [api.verify(good.publicKey, good.signature, good.message)]),
  verifying('verify of a bad signature', length, (api, _, bad) => [
    api.verify(bad.publicKey, bad.signature, bad.message),
  ]),
  verifying('verifyBatch', length, (api, good, bad) => api.verifyBatch([bad, good, good])),
]);
