/**
 * What people call a group, its members, and its documents. Names are part of signed bytes and of rosters, so every peer
 * must agree on which ones are allowed.
 *
 * @module
 */
import { textFault } from '../codec/text.js';
import { InvalidInputError } from '../errors.js';

/** Longest member id, in bytes of UTF-8. */
const MAX_MEMBER_ID_BYTES = 64;
/** Longest group name, in bytes of UTF-8. */
const MAX_GROUP_NAME_BYTES = 128;
/** Longest URI, in bytes of UTF-8. */
const MAX_URI_BYTES = 2_048;

// General category Cc never gained or lost a character since Unicode 1.1, so all runtimes agree on it.
const CONTROL_CHARACTER = /\p{Cc}/u;
const encoder = new TextEncoder();

function requireName(name: string, value: unknown, maxBytes: number): string {
  if (typeof value !== 'string') throw new InvalidInputError(`${name} must be text`);
  const length = encoder.encode(value).length;
  if (length < 1 || length > maxBytes) {
    throw new InvalidInputError(`${name} must be 1 to ${maxBytes} bytes of UTF-8, got ${length}`);
  }
  if (CONTROL_CHARACTER.test(value)) throw new InvalidInputError(`${name} must not contain control characters`);
  const fault = textFault(value);
  if (fault !== null) throw new InvalidInputError(`${name} must be text in normalization form C, but it is ${fault}`);
  return value;
}

/**
 * Checks a member id: 1 to 64 bytes of UTF-8 in normalization form C, without control characters.
 *
 * @throws InvalidInputError saying what is wrong
 */
export function requireMemberId(value: unknown): string {
  return requireName('memberId', value, MAX_MEMBER_ID_BYTES);
}

/**
 * Checks a group name: 1 to 128 bytes of UTF-8 in normalization form C, without control characters.
 *
 * @throws InvalidInputError saying what is wrong
 */
export function requireGroupName(value: unknown): string {
  return requireName('groupName', value, MAX_GROUP_NAME_BYTES);
}

/**
 * Checks a document's URI: 1 to 2,048 bytes of UTF-8 in normalization form C, without control characters. It is a name
 * that peers agree on, compared as text; it need not be one that a browser understands.
 *
 * @throws InvalidInputError saying what is wrong
 */
export function requireUri(value: unknown): string {
  return requireName('uri', value, MAX_URI_BYTES);
}
