/**
 * The data key: 32 random bytes that seal every secret of a database. The database holds it wrapped under a key that
 * follows from the passphrase, so that the passphrase's slow function runs once for each opening.
 *
 * @module
 */
import { isBytes } from '../../bytes.js';
import { encodeCbor } from '../../codec/cbor.js';
import { bytesOf, decodeShape, encodeShape, items, oneOf, type ShapeOf, uint } from '../../codec/shape.js';
import { aeadDecrypt, aeadEncrypt } from '../../crypto/aead.js';
import { randomBytes } from '../../crypto/random.js';
import { AuthenticationError, CodecError, CorruptDatabaseError, MeshError } from '../../errors.js';
import { type Passphrase, type PassphraseCost, passphraseKey, requireSaneCost, SALT_BYTES } from './passphrase.js';

const KEY_BYTES = 32;
const NONCE_BYTES = 24;
const TAG_BYTES = 16;
const MAX_WRAPPED_BYTES = 256;

const WRAPPED = items({
  format: oneOf('arborist-mesh/1 data key'),
  derivation: oneOf('argon2id'),
  memory: uint(),
  passes: uint(),
  lanes: uint(),
  salt: bytesOf(SALT_BYTES),
  nonce: bytesOf(NONCE_BYTES),
  ciphertext: bytesOf(KEY_BYTES + TAG_BYTES),
});

/** Everything but nonce and ciphertext, which the seal covers: a changed cost is a wrong key as well. */
function associatedData({ format, derivation, memory, passes, lanes, salt }: ShapeOf<typeof WRAPPED>): Uint8Array {
  return encodeCbor([format, derivation, memory, passes, lanes, salt]);
}

/** A data key, and what the database stores of it. */
export interface ProtectedKey {
  /** 32 bytes. Secret. */
  readonly key: Uint8Array;
  /** Canonical CBOR. */
  readonly wrapped: Uint8Array;
}

/**
 * A fresh data key under a passphrase.
 *
 * @throws InvalidInputError if the passphrase is not as it must be
 */
export async function newDataKey(passphrase: Passphrase, cost: PassphraseCost): Promise<ProtectedKey> {
  const salt = randomBytes(SALT_BYTES);
  const wrappingKey = await passphraseKey(passphrase, salt, cost);
  const { memory, passes, lanes } = cost;
  const nonce = randomBytes(NONCE_BYTES);
  const head = { format: 'arborist-mesh/1 data key', derivation: 'argon2id', memory, passes, lanes, salt } as const;
  const unsealed = { ...head, nonce, ciphertext: new Uint8Array(KEY_BYTES + TAG_BYTES) };
  const key = randomBytes(KEY_BYTES);
  try {
    const ciphertext = aeadEncrypt(wrappingKey, nonce, key, associatedData(unsealed));
    return { key, wrapped: encodeShape(WRAPPED, { ...unsealed, ciphertext }, 'wrapped data key') };
  } finally {
    wrappingKey.fill(0);
  }
}

function decodeWrapped(wrapped: unknown): ShapeOf<typeof WRAPPED> {
  try {
    if (!isBytes(wrapped)) throw new CodecError('wrapped data key must be a byte string');
    return decodeShape(WRAPPED, wrapped, { maxBytes: MAX_WRAPPED_BYTES, what: 'wrapped data key' });
  } catch (cause) {
    if (!(cause instanceof CodecError)) throw cause;
    throw new CorruptDatabaseError(`the key that the passphrase opens is damaged: ${cause.message}`, { cause });
  }
}

/**
 * Opens a wrapped data key.
 *
 * @param wrapped as the database holds it
 * @returns 32 bytes, which the caller wipes
 * @throws InvalidInputError if the passphrase is not as it must be
 * @throws CorruptDatabaseError if it is damaged, or names a cost that is out of bounds
 * @throws MeshError `wrong-passphrase`
 */
export async function openDataKey(passphrase: Passphrase, wrapped: unknown): Promise<Uint8Array> {
  const opened = decodeWrapped(wrapped);
  requireSaneCost(opened);
  const wrappingKey = await passphraseKey(passphrase, opened.salt, opened);
  try {
    return aeadDecrypt(wrappingKey, opened.nonce, opened.ciphertext, associatedData(opened));
  } catch (cause) {
    if (!(cause instanceof AuthenticationError)) throw cause;
    throw new MeshError('wrong-passphrase', 'the passphrase does not open this database', { cause });
  } finally {
    wrappingKey.fill(0);
  }
}
