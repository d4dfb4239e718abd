/**
 * One secret as it stands in a row, sealed under the data key: a random nonce, the ciphertext, the tag. Table, column
 * and row are bound in, so that no value can be moved to another place.
 *
 * @module
 */
import { concatBytes } from '../../bytes.js';
import { encodeCbor } from '../../codec/cbor.js';
import { aeadDecrypt, aeadEncrypt } from '../../crypto/aead.js';
import { randomBytes } from '../../crypto/random.js';
import type { SecretPlace } from './secret-columns.js';

/** XChaCha20-Poly1305: random nonces, since a database image can be rolled back and a counter would repeat. */
const NONCE_BYTES = 24;

function associatedData({ table, column, row }: SecretPlace): Uint8Array {
  return encodeCbor(['arborist-mesh/1 secret at rest', table, column, row]);
}

/** `nonce ‖ ciphertext ‖ tag`: 40 bytes more than the secret. */
export function sealValue(dataKey: Uint8Array, place: SecretPlace, secret: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  return concatBytes(nonce, aeadEncrypt(dataKey, nonce, secret, associatedData(place)));
}

/**
 * The secret that was sealed.
 *
 * @param sealed at least a nonce and a tag long
 * @throws AuthenticationError if it is not of this key and place
 */
export function openValue(dataKey: Uint8Array, place: SecretPlace, sealed: Uint8Array): Uint8Array {
  const nonce = sealed.slice(0, NONCE_BYTES);
  return aeadDecrypt(dataKey, nonce, sealed.slice(NONCE_BYTES), associatedData(place));
}

/** Bytes of a sealed secret of so many bytes. */
export function sealedLength(secretBytes: number): number {
  return NONCE_BYTES + secretBytes + 16;
}
