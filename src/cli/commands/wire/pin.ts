/**
 * Certificate pins at the command line: 64 hexadecimal digits, as tools for TLS print them, or 43 characters of base64url
 * text.
 *
 * @module
 */
import { InvalidArgumentError } from 'commander';
import { parseId } from '../../option-values.js';

/** The SHA-256 of a certificate: 32 bytes. */
export function parsePin(text: string): Uint8Array {
  const hex = text.replaceAll(':', '');
  if (/^[0-9a-fA-F]{64}$/.test(hex)) {
    return Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
  }
  try {
    return parseId(text);
  } catch {
    throw new InvalidArgumentError('Expected the SHA-256 of a certificate: 64 hexadecimal digits, or base64url text.');
  }
}

/** A pin as lower-case hexadecimal digits. */
export function formatPin(pin: Uint8Array): string {
  return [...pin].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
