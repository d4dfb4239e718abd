/**
 * The files between the process that makes a group and those that use it.
 *
 * @module
 */
import { readFileSync, writeFileSync } from 'node:fs';

/** @typedef {import('./make-group.mjs').Member} Member */

const HEX = 16;

/** @param {Uint8Array} bytes */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(HEX).padStart(2, '0')).join('');

/** @param {string | undefined} text */
export const bytesOf = (text = '') => Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, HEX));

/**
 * @param {string} file
 * @param {readonly Member[]} members
 */
export function writeMembers(file, members) {
  const listed = members.map(({ memberId, mid, signPub, signPriv }) => ({
    memberId,
    mid: hex(mid),
    signPub: hex(signPub),
    signPriv: hex(signPriv),
  }));
  writeFileSync(file, JSON.stringify(listed));
}

/**
 * @param {string} file
 * @returns {Member[]}
 */
export function readMembers(file) {
  /** @type {{ memberId: string, mid: string, signPub: string, signPriv: string }[]} */
  const listed = JSON.parse(readFileSync(file, 'utf8'));
  return listed.map(({ memberId, mid, signPub, signPriv }) => ({
    memberId,
    mid: bytesOf(mid),
    signPub: bytesOf(signPub),
    signPriv: bytesOf(signPriv),
  }));
}
