/**
 * What the module exports: the whole interface between the facade in `src/crypto/` and the core. Every argument is an
 * address in the window of `memory.ts` or a length in bytes; no export keeps a secret in memory after it returns.
 *
 * @module
 */
export {
  aeadData,
  aeadDecrypt,
  aeadEncrypt,
  aeadOpen,
  aeadSeal,
  aeadStart,
  aeadTag,
  aeadVerify,
} from './chacha20poly1305';
export { hmacFinish, hmacStart } from './hmac';
export { hpkeKeySchedule, hpkeStart } from './hpke';
export { windowAddress, wipe } from './memory';
export { sha256Finish, sha256Start, sha256Update } from './sha256';
