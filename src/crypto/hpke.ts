/**
 * HPKE (RFC 9180), base mode, single shot: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305.
 *
 * The key schedule runs in the core and leaves key and nonce in the window, where the cipher takes them from: neither
 * ever stands in a JavaScript array.
 *
 * @module
 */
import { requireBytes, requireOptions } from '../bytes.js';
import { InvalidInputError } from '../errors.js';
import { openLoaded, requireCiphertext, sealLoaded } from './aead.js';
import { core } from './core.js';
import { randomBytes } from './random.js';
import { absorb } from './sha256.js';
import { HASH_STATE, KEY, NONCE } from './window.js';
import { type Agreement, x25519WithPublicKeys } from './x25519.js';

/** What is bound to a sealed message beside the keys; both default to nothing. */
export interface HpkeOptions {
  /** Context that both sides know (RFC 9180 §5.1); it goes into the key. */
  readonly info?: Uint8Array;
  /** Associated data of the cipher. */
  readonly aad?: Uint8Array;
}

/** A message sealed to one recipient. */
export interface HpkeSealed {
  /** 32 bytes: the encapsulated key, an ephemeral X25519 public key. */
  readonly enc: Uint8Array;
  /** The ciphertext followed by its 16-byte tag. */
  readonly ciphertext: Uint8Array;
}

/** One of many recipients of the same plaintext. */
export interface HpkeRecipient {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** As in {@link HpkeOptions}. */
  readonly info: Uint8Array;
}

const NO_BYTES = new Uint8Array(0);
const KEY_LENGTH = 32;
const NONCE_LENGTH = 12;

/** Recipients that are worked on together. */
const CHUNK = 32;

/** Where the inputs of the key schedule lie in the window; it comes before any text. */
const DH = 0;
const ENC = 32;
const RECIPIENT = 64;

/**
 * Seals a plaintext to a public key, under a fresh encapsulation.
 *
 * @param recipientPublicKey 32 bytes
 * @throws InvalidInputError if an argument is of the wrong type or length, or the public key is of low order
 */
export function hpkeSeal(recipientPublicKey: Uint8Array, plaintext: Uint8Array, options: HpkeOptions = {}): HpkeSealed {
  const ephemeralPrivateKey = randomBytes(KEY_LENGTH);
  try {
    return hpkeSealWithEphemeral(ephemeralPrivateKey, recipientPublicKey, plaintext, options);
  } finally {
    ephemeralPrivateKey.fill(0);
  }
}

/**
 * {@link hpkeSeal} with a given ephemeral private key, as published test vectors need it. Whoever uses one twice loses
 * the secrecy of both messages: internal, and not exported from the package.
 */
export function hpkeSealWithEphemeral(
  ephemeralPrivateKey: Uint8Array,
  recipientPublicKey: Uint8Array,
  plaintext: Uint8Array,
  options: HpkeOptions,
): HpkeSealed {
  const { info, aad } = requireSettings(options);
  requireBytes('recipientPublicKey', recipientPublicKey, KEY_LENGTH);
  requireBytes('plaintext', plaintext);
  const { secret, publicKey: enc } = agree('recipientPublicKey', ephemeralPrivateKey, recipientPublicKey);
  loadKeySchedule(secret, enc, recipientPublicKey, info);
  return { enc, ciphertext: sealLoaded(NONCE_LENGTH, plaintext, aad) };
}

/**
 * Opens what {@link hpkeSeal} or {@link hpkeSealMany} sealed.
 *
 * @param privateKey 32 bytes
 * @param enc 32 bytes
 * @param ciphertext the ciphertext followed by its 16-byte tag
 * @throws AuthenticationError if anything was changed, or is meant for another key or context; nothing is released
 * @throws InvalidInputError if an argument is of the wrong type or length, or `enc` is of low order
 */
export function hpkeOpen(
  privateKey: Uint8Array,
  enc: Uint8Array,
  ciphertext: Uint8Array,
  options: HpkeOptions = {},
): Uint8Array {
  const { info, aad } = requireSettings(options);
  requireBytes('privateKey', privateKey, KEY_LENGTH);
  requireBytes('enc', enc, KEY_LENGTH);
  requireCiphertext(ciphertext);
  const { secret, publicKey } = agree('enc', privateKey, enc);
  loadKeySchedule(secret, enc, publicKey, info);
  return openLoaded(NONCE_LENGTH, ciphertext, aad);
}

/**
 * Seals one plaintext to many recipients, with a fresh encapsulation for each: randomness is never shared between them
 * (RFC 9180 §9.2.2).
 *
 * @returns one result for each recipient, in their order
 * @throws InvalidInputError if an argument is of the wrong type or length, or a public key is of low order; the message
 *   names the recipient's index, and nothing is sealed to anyone
 */
export function hpkeSealMany(recipients: readonly HpkeRecipient[], plaintext: Uint8Array): HpkeSealed[] {
  const checked = requireRecipients(recipients);
  requireBytes('plaintext', plaintext);
  const sealed: HpkeSealed[] = [];
  for (let start = 0; start < checked.length; start += CHUNK) sealChunk(checked, start, plaintext, sealed);
  return sealed;
}

function sealChunk(recipients: HpkeRecipient[], start: number, plaintext: Uint8Array, sealed: HpkeSealed[]): void {
  const chunk = recipients.slice(start, start + CHUNK);
  const randomness = randomBytes(chunk.length * KEY_LENGTH);
  const privateKeys = chunk.map((_, i) => randomness.subarray(i * KEY_LENGTH, (i + 1) * KEY_LENGTH));
  const agreements = x25519WithPublicKeys(
    privateKeys,
    chunk.map(({ publicKey }) => publicKey),
  );
  randomness.fill(0);
  const lowOrder = agreements.findIndex(({ secret }) => isZero(secret));
  if (lowOrder !== -1) {
    for (const { secret } of agreements) secret.fill(0);
    throw lowOrderKey(`recipients[${start + lowOrder}].publicKey`);
  }
  chunk.forEach(({ publicKey, info }, i) => {
    const { secret, publicKey: enc } = agreements[i] as Agreement;
    loadKeySchedule(secret, enc, publicKey, info);
    sealed.push({ enc, ciphertext: sealLoaded(NONCE_LENGTH, plaintext, NO_BYTES) });
  });
}

/** Comes before the other arguments are checked: a getter of the options could take their memory away. */
function requireSettings(options: HpkeOptions): Required<HpkeOptions> {
  const { info = NO_BYTES, aad = NO_BYTES } = requireOptions(options);
  return { info: requireBytes('info', info), aad: requireBytes('aad', aad) };
}

/** The recipients with each property read once, all before any is checked, as with the options. */
function requireRecipients(recipients: readonly HpkeRecipient[]): HpkeRecipient[] {
  if (!Array.isArray(recipients)) throw new InvalidInputError('recipients must be an array');
  const read = Array.from(recipients, (recipient: unknown, index) => {
    if (typeof recipient !== 'object' || recipient === null) {
      throw new InvalidInputError(`recipients[${index}] must be an object with publicKey and info`);
    }
    const { publicKey, info } = recipient as Partial<HpkeRecipient>;
    return { publicKey, info };
  });
  return read.map(({ publicKey, info }, index) => ({
    publicKey: requireBytes(`recipients[${index}].publicKey`, publicKey, KEY_LENGTH),
    info: requireBytes(`recipients[${index}].info`, info),
  }));
}

function agree(name: string, privateKey: Uint8Array, publicKey: Uint8Array): Agreement {
  const [agreement] = x25519WithPublicKeys([privateKey], [publicKey]) as [Agreement];
  if (isZero(agreement.secret)) throw lowOrderKey(name);
  return agreement;
}

/** Whether all bytes are zero, found in constant time. */
function isZero(bytes: Uint8Array): boolean {
  let bits = 0;
  for (const byte of bytes) bits |= byte;
  return bits === 0;
}

function lowOrderKey(name: string): InvalidInputError {
  return new InvalidInputError(`${name} is of low order: the shared secret would be all zeros`);
}

/** Runs the key schedule (RFC 9180 §4.1, §5.1) and leaves key and nonce in the window. Wipes `dh`. */
function loadKeySchedule(dh: Uint8Array, enc: Uint8Array, recipient: Uint8Array, info: Uint8Array): void {
  const { call, memory, window } = core();
  call.hpkeStart(window + HASH_STATE);
  absorb(info);
  memory.set(dh, window + DH);
  memory.set(enc, window + ENC);
  memory.set(recipient, window + RECIPIENT);
  dh.fill(0);
  call.hpkeKeySchedule(
    window + HASH_STATE,
    window + DH,
    window + ENC,
    window + RECIPIENT,
    window + KEY,
    window + NONCE,
  );
}
