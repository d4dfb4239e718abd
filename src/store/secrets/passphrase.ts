/**
 * From a passphrase to a key: Argon2id (RFC 9106), which costs whoever guesses as much time and memory for each guess.
 *
 * @module
 */
import { isBytes, utf8 } from '../../bytes.js';
import { CorruptDatabaseError, InvalidInputError } from '../../errors.js';

/** What protects a database's secrets: text, which counts in normalization form C, or 1 to 1,024 bytes as they are. */
export type Passphrase = string | Uint8Array;

/** How much work a guess is. Stored beside the salt, so that a later version can ask for more. */
export interface PassphraseCost {
  /** KiB of memory. */
  readonly memory: number;
  readonly passes: number;
  readonly lanes: number;
}

/**
 * For new passphrases. OWASP's Password Storage Cheat Sheet asks for 19 MiB and two passes at least; this is two and a
 * half times that work, half a second to a second in JavaScript.
 */
export const PASSPHRASE_COST: PassphraseCost = { memory: 32 * 1024, passes: 3, lanes: 1 };

/** What a file may ask for: a hostile one must not take gigabytes or minutes. */
const MAX_MEMORY = 256 * 1024;
const MAX_PASSES = 16;
const MAX_LANES = 4;
/** Argon2's own minimum for each lane (RFC 9106 §3.1). */
const MIN_MEMORY_OF_LANE = 8;

const MAX_PASSPHRASE_BYTES = 1024;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Bytes of a salt. */
export const SALT_BYTES = 16;

/** @throws CorruptDatabaseError if it is more than a file may ask for, or less than Argon2 works with */
export function requireSaneCost({ memory, passes, lanes }: PassphraseCost): void {
  const sane =
    lanes >= 1 &&
    lanes <= MAX_LANES &&
    passes >= 1 &&
    passes <= MAX_PASSES &&
    memory >= MIN_MEMORY_OF_LANE * lanes &&
    memory <= MAX_MEMORY;
  if (!sane) {
    throw new CorruptDatabaseError('the cost of the passphrase that the database names is out of bounds');
  }
}

/**
 * The bytes that a passphrase stands for, in an array of their own that the caller wipes.
 *
 * @throws InvalidInputError
 */
export function passphraseBytes(passphrase: Passphrase): Uint8Array {
  if (typeof passphrase !== 'string' && !isBytes(passphrase)) {
    throw new InvalidInputError('passphrase must be text or a Uint8Array');
  }
  if (typeof passphrase === 'string' && LONE_SURROGATE.test(passphrase)) {
    throw new InvalidInputError('passphrase must be text without lone surrogates');
  }
  const bytes = typeof passphrase === 'string' ? utf8(passphrase.normalize('NFC')) : new Uint8Array(passphrase);
  if (bytes.length === 0 || bytes.length > MAX_PASSPHRASE_BYTES) {
    bytes.fill(0);
    throw new InvalidInputError(`passphrase must be 1 to ${MAX_PASSPHRASE_BYTES} bytes of UTF-8`);
  }
  return bytes;
}

/**
 * Argon2id of a passphrase: 32 bytes, which the caller wipes. Gives way to other work now and then.
 *
 * @param salt 16 bytes
 * @throws InvalidInputError
 */
export async function passphraseKey(
  passphrase: Passphrase,
  salt: Uint8Array,
  { memory, passes, lanes }: PassphraseCost,
): Promise<Uint8Array> {
  const bytes = passphraseBytes(passphrase);
  try {
    // Loaded here, so that programs without a passphrase do not pay for it.
    const { argon2idAsync } = await import('@noble/hashes/argon2.js');
    return await argon2idAsync(bytes, salt, { m: memory, t: passes, p: lanes, dkLen: 32 });
  } finally {
    bytes.fill(0);
  }
}
