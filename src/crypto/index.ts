/**
 * `arborist-mesh/crypto`: signatures, key agreement, authenticated encryption and HPKE, synchronous and ready at import.
 *
 * @module
 */
export { AuthenticationError, InvalidInputError, MeshError, WasmUnavailableError } from '../errors.js';
export { aeadDecrypt, aeadEncrypt } from './aead.js';
export { useCoreModule } from './core.js';
export { generateSigningKeypair, type SignedMessage, sign, signingPublicKey, verify, verifyBatch } from './ed25519.js';
export {
  type HpkeOptions,
  type HpkeRecipient,
  type HpkeSealed,
  hpkeOpen,
  hpkeSeal,
  hpkeSealMany,
} from './hpke.js';
export type { KeyPair } from './key-pair.js';
export { dhPublicKey, ecdhSharedSecret, generateDhKeypair, x25519 } from './x25519.js';
