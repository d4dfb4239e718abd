/**
 * Ed25519 keys and signatures (RFC 8032 §5.1.5, §5.1.6). A message of any length is signed in one pass over each of its
 * two hashes:
 *
 *     signStart(seed); sha512Update(message …); signCommit(); sha512Update(message …); signFinish(out)
 *
 * Between these calls the expanded key and the nonce stay in scratch; `signFinish` wipes them, and so does `signWipe`,
 * which the caller uses when it breaks off.
 *
 * @module
 */
import { POINT } from './edwards25519';
import { baseMultiply, baseWipe } from './edwards25519-base';
import { pointEncode, pointEncodeTwo } from './edwards25519-encoding';
import { copyBytes, wipe } from './memory';
import { scalarClamp, scalarMultiplyAdd, scalarReduce, scalarReduceWide } from './scalar25519';
import { sha512Final, sha512Init, sha512Update, sha512Wipe } from './sha512';

const SCRATCH: usize = memory.data(64 + 64 + 32 + 32 + 32 + 2 * 160, 16);
const EXPANDED: usize = SCRATCH; // the secret scalar modulo L, then the prefix
const HASH: usize = SCRATCH + 64;
const NONCE: usize = SCRATCH + 128;
const NONCE_POINT: usize = SCRATCH + 160; // R, encoded
const PUBLIC_KEY: usize = SCRATCH + 192;
const POINT_A: usize = SCRATCH + 224;
const POINT_R: usize = SCRATCH + 224 + POINT;

/** Forgets a signature that was begun. */
export function signWipe(): void {
  wipe(SCRATCH, 224 + 2 * POINT);
  sha512Wipe();
  baseWipe();
}

/** Expands the 32-byte seed (RFC 8032 §5.1.5 steps 1, 2). [s]B depends on s modulo L only, so s is reduced at once. */
function expandSeed(seed: usize): void {
  sha512Init();
  sha512Update(seed, 32);
  sha512Final(EXPANDED);
  scalarClamp(EXPANDED);
  scalarReduce(EXPANDED, EXPANDED);
}

/** out = the 32-byte public key of the 32-byte seed. */
export function publicKeyFromSeed(out: usize, seed: usize): void {
  expandSeed(seed);
  baseMultiply(POINT_A, EXPANDED);
  pointEncode(out, POINT_A);
  signWipe();
}

/** Begins a signature with the 32-byte seed; the message's first pass follows. */
export function signStart(seed: usize): void {
  expandSeed(seed);
  sha512Init();
  sha512Update(EXPANDED + 32, 32);
}

/** Ends the message's first pass: fixes the nonce and R. The message's second pass follows. */
export function signCommit(): void {
  sha512Final(HASH);
  scalarReduceWide(NONCE, HASH);
  baseMultiply(POINT_A, EXPANDED);
  baseMultiply(POINT_R, NONCE);
  pointEncodeTwo(PUBLIC_KEY, NONCE_POINT, POINT_A, POINT_R);
  sha512Init();
  sha512Update(NONCE_POINT, 64); // R, A
}

/** Ends the second pass: writes the 64-byte signature R ‖ S and wipes what was kept. */
export function signFinish(out: usize): void {
  sha512Final(HASH);
  scalarReduceWide(HASH, HASH);
  copyBytes(out, NONCE_POINT, 32);
  scalarMultiplyAdd(out + 32, HASH, EXPANDED, NONCE);
  signWipe();
}
