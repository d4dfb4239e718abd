/**
 * The key schedule of HPKE (RFC 9180), base mode, for DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and ChaCha20Poly1305: from
 * a Diffie-Hellman secret to the key and the nonce of the first message, which is the only one in single-shot use.
 *
 * The `info` may be long and hence streams: `hpkeStart`, then `sha256Update` for the info, then `hpkeKeySchedule`.
 *
 * @module
 */
import { hmacFinish, hmacPrepare, hmacStartPrepared } from './hmac';
import { copyBytes, wipe } from './memory';
import { sha256Update } from './sha256';

/** Suite identifiers (RFC 9180 §4.1, §5.1) with their numbers: KEM 0x0020, KDF 0x0001, AEAD 0x0003. */
const KEM_SUITE = 'KEM\x00\x20';
const HPKE_SUITE = 'HPKE\x00\x20\x00\x01\x00\x03';

/** The secrets of one key schedule; zero whenever no export runs. */
const SECRETS: usize = memory.data(480, 16);
const SECRETS_SIZE: usize = 480;
const STATE: usize = SECRETS;
const PREPARED_KEY: usize = SECRETS + 160;
const SECRET: usize = SECRETS + 224;
const KEM_CONTEXT: usize = SECRETS + 256;
const MESSAGE: usize = SECRETS + 320;

/** mode ‖ psk_id_hash ‖ info_hash (RFC 9180 §5.1). Public. */
const CONTEXT: usize = memory.data(80, 16);
const CONTEXT_SIZE: usize = 65;
const INFO_HASH: usize = CONTEXT + 33;

/** The prepared HMAC key that an empty salt stands for. Made at first use, together with `psk_id_hash`. */
const EMPTY_SALT: usize = memory.data(64, 16);
/** Whether both are made. */
const READY: usize = memory.data(1);

/** Starts a key schedule: `state` (160 bytes) is ready to take in the info. */
export function hpkeStart(state: usize): void {
  if (!load<u8>(READY)) prepareConstants();
  hmacStartPrepared(state, EMPTY_SALT);
  const end = putLabel(MESSAGE, HPKE_SUITE, 'info_hash');
  sha256Update(state, MESSAGE, end - MESSAGE);
}

/**
 * Ends a key schedule.
 *
 * @param state what `hpkeStart` began and the info went into; wiped
 * @param dh 32 bytes, the Diffie-Hellman secret; wiped
 * @param enc 32 bytes, the ephemeral public key
 * @param recipient 32 bytes, the recipient's public key
 * @param key where the 32-byte key goes
 * @param nonce where the 12-byte nonce goes
 */
export function hpkeKeySchedule(
  state: usize,
  dh: usize,
  enc: usize,
  recipient: usize,
  key: usize,
  nonce: usize,
): void {
  hmacFinish(state, INFO_HASH);

  // ExtractAndExpand (RFC 9180 §4.1).
  labeledExtract(EMPTY_SALT, KEM_SUITE, 'eae_prk', dh, 32, SECRET);
  hmacPrepare(PREPARED_KEY, SECRET, 32);
  copyBytes(KEM_CONTEXT, enc, 32);
  copyBytes(KEM_CONTEXT + 32, recipient, 32);
  labeledExpand(PREPARED_KEY, KEM_SUITE, 'shared_secret', KEM_CONTEXT, 64, 32, SECRET);

  // KeySchedule (RFC 9180 §5.1); the pre-shared key is empty in base mode.
  hmacPrepare(PREPARED_KEY, SECRET, 32);
  labeledExtract(PREPARED_KEY, HPKE_SUITE, 'secret', 0, 0, SECRET);
  hmacPrepare(PREPARED_KEY, SECRET, 32);
  labeledExpand(PREPARED_KEY, HPKE_SUITE, 'key', CONTEXT, CONTEXT_SIZE, 32, key);
  labeledExpand(PREPARED_KEY, HPKE_SUITE, 'base_nonce', CONTEXT, CONTEXT_SIZE, 12, SECRET);
  copyBytes(nonce, SECRET, 12);

  wipe(dh, 32);
  wipe(SECRETS, SECRETS_SIZE);
}

function prepareConstants(): void {
  hmacPrepare(EMPTY_SALT, 0, 0);
  store<u8>(CONTEXT, 0);
  labeledExtract(EMPTY_SALT, HPKE_SUITE, 'psk_id_hash', 0, 0, CONTEXT + 1);
  store<u8>(READY, 1);
}

/** LabeledExtract (RFC 9180 §4) with a prepared salt. */
function labeledExtract(salt: usize, suite: string, label: string, ikm: usize, ikmLength: usize, prk: usize): void {
  const end = putBytes(putLabel(MESSAGE, suite, label), ikm, ikmLength);
  mac(salt, end, prk);
}

/** LabeledExpand (RFC 9180 §4) with a prepared key. Writes 32 bytes, of which the first `length` ≤ 32 count. */
function labeledExpand(
  prk: usize,
  suite: string,
  label: string,
  info: usize,
  infoLength: usize,
  length: u8,
  output: usize,
): void {
  store<u8>(MESSAGE, 0);
  store<u8>(MESSAGE, length, 1);
  const end = putBytes(putLabel(MESSAGE + 2, suite, label), info, infoLength);
  store<u8>(end, 1);
  mac(prk, end + 1, output);
}

/** HMAC of what `MESSAGE` holds up to `end`. */
function mac(preparedKey: usize, end: usize, output: usize): void {
  hmacStartPrepared(STATE, preparedKey);
  sha256Update(STATE, MESSAGE, end - MESSAGE);
  hmacFinish(STATE, output);
}

/** Writes "HPKE-v1" ‖ suite ‖ label; returns the address behind it. */
function putLabel(target: usize, suite: string, label: string): usize {
  return putText(putText(putText(target, 'HPKE-v1'), suite), label);
}

function putText(target: usize, ascii: string): usize {
  for (let i = 0; i < ascii.length; i++) store<u8>(target + i, ascii.charCodeAt(i) as u8);
  return target + ascii.length;
}

function putBytes(target: usize, source: usize, length: usize): usize {
  copyBytes(target, source, length);
  return target + length;
}
