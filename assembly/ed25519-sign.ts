/**
 * Ed25519 keys and signatures (RFC 8032 §5.1.5, §5.1.6). A message of any length is signed in one pass over each of its
 * two hashes:
 *
 *     signStart(seed); sha512Update(message …); signCommit(known); sha512Update(message …); signFinish(out)
 *
 * The second hash covers the public key A, which the seed alone gives by a second multiplication of the base point:
 * made beside that of the nonce, it still takes two thirds as long as all the rest. `known` saves it where the same seed
 * signed before: A beside a fingerprint of the expanded key and A, from which a wrong pair is recognized. (Signing with
 * another key's A would betray the secret scalar.) The fingerprint is as public as A: who knows either can check a guess
 * of the seed, and do nothing else with it.
 *
 * Between these calls the expanded key and the nonce stay in scratch. Whatever happens, the caller ends with `signWipe`.
 *
 * @module
 */
import { POINT } from './edwards25519';
import { baseMultiply, baseMultiplyTwo, baseWipe } from './edwards25519-base';
import { pointEncode, pointEncodeTwo } from './edwards25519-encoding';
import { areEqual } from './field25519-bytes';
import { copyBytes, wipe } from './memory';
import { scalarClamp, scalarMultiplyAdd, scalarReduce, scalarReduceWide } from './scalar25519';
import { sha512Final, sha512Init, sha512Update, sha512Wipe } from './sha512';

const SCRATCH: usize = memory.data(64 + 64 + 32 + 32 + 2 * 160, 16);
const EXPANDED: usize = SCRATCH; // the secret scalar modulo L, then the prefix
const HASH: usize = SCRATCH + 64;
const NONCE: usize = SCRATCH + 128;
const NONCE_POINT: usize = SCRATCH + 160; // R, encoded
const POINT_A: usize = SCRATCH + 192;
const POINT_R: usize = SCRATCH + 192 + POINT;

/** Wipes everything that the functions of this file leave behind: to be called after the last of them. */
export function signWipe(): void {
  wipe(SCRATCH, 192 + 2 * POINT);
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
}

/** Begins a signature with the 32-byte seed; the message's first pass follows. */
export function signStart(seed: usize): void {
  expandSeed(seed);
  sha512Init();
  sha512Update(EXPANDED + 32, 32);
}

/** HASH = SHA-512(s ‖ prefix ‖ A), whose first half is the fingerprint. The nonce's hash begins with the prefix. */
function hashExpandedKey(publicKey: usize): void {
  sha512Init();
  sha512Update(EXPANDED, 64);
  sha512Update(publicKey, 32);
  sha512Final(HASH);
}

/**
 * Ends the message's first pass: fixes the nonce and R. The message's second pass follows. `known` holds A ‖ fingerprint
 * as an earlier call left them; those of another seed, or zeros, are replaced, which is the only thing that a branch
 * here depends on.
 */
export function signCommit(known: usize): void {
  sha512Final(HASH);
  scalarReduceWide(NONCE, HASH);
  hashExpandedKey(known);
  if (areEqual(HASH, known + 32)) {
    baseMultiply(POINT_R, NONCE);
    pointEncode(NONCE_POINT, POINT_R);
  } else {
    baseMultiplyTwo(POINT_A, POINT_R, EXPANDED, NONCE);
    pointEncodeTwo(known, NONCE_POINT, POINT_A, POINT_R);
    hashExpandedKey(known);
    copyBytes(known + 32, HASH, 32);
  }
  sha512Init();
  sha512Update(NONCE_POINT, 32);
  sha512Update(known, 32);
}

/** Ends the second pass: writes the 64-byte signature R ‖ S. */
export function signFinish(out: usize): void {
  sha512Final(HASH);
  scalarReduceWide(HASH, HASH);
  copyBytes(out, NONCE_POINT, 32);
  scalarMultiplyAdd(out + 32, HASH, EXPANDED, NONCE);
}
