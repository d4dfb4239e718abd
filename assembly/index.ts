/**
 * What the module exports: the whole interface between the facade in `src/crypto/` and the core. Every argument is an
 * address in the window of `memory.ts` or a length in bytes. Behind the window no secret stays after a call, except that
 * what takes several calls, a message that streams or a signature, has its state kept until the last one that belongs to
 * it. In the window the facade wipes, but for keys and nonces of the cipher, which `aeadSeal`, `aeadOpen` and `aeadStart`
 * wipe themselves.
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
export { batchFinish, batchItem, batchItemEnd, batchStart } from './ed25519-batch';
export { publicKeyFromSeed, signCommit, signFinish, signStart, signWipe } from './ed25519-sign';
export { isRosterKey } from './ed25519-roster-key';
export { verifyFinish, verifyStart } from './ed25519-verify';
export { hmacFinish, hmacStart } from './hmac';
export { hpkeKeySchedule, hpkeStart } from './hpke';
export { windowAddress, wipe } from './memory';
export { sha256Finish, sha256Start, sha256Update } from './sha256';
export { sha512Update } from './sha512';
export { x25519, x25519PublicKey, x25519WithPublicKeys } from './x25519';
