/**
 * The canonicalizations by name: what is done to a document's bytes before they are cut.
 *
 * @module
 */
import { requireBytes } from '../bytes.js';
import { InvalidInputError } from '../errors.js';
import { createTextCanonicalizer } from './canonical-text.js';
import { GrowingBytes } from './growing-bytes.js';

/** `text-nfc-lf/1`: text in UTF-8, line ends as line feeds, in NFC. `bytes/1`: as is. */
export type Canonicalization = 'text-nfc-lf/1' | 'bytes/1';

/** What is used where no canonicalization is named. */
export const DEFAULT_CANONICALIZATION: Canonicalization = 'text-nfc-lf/1';

/** A canonicalization at work. It hands its bytes on as they are ready; they are valid during that call only. */
export interface Canonicalizer {
  /** Takes in the next bytes. */
  update(bytes: Uint8Array): void;
  /** Hands on the rest. */
  finish(): void;
}

/** Takes in canonical bytes. They may change after the call. */
export type Sink = (bytes: Uint8Array) => void;

/**
 * Starts a canonicalization.
 *
 * @throws InvalidInputError if there is none of that name
 */
export function createCanonicalizer(name: Canonicalization, sink: Sink): Canonicalizer {
  switch (name) {
    case 'text-nfc-lf/1':
      return createTextCanonicalizer(sink);
    case 'bytes/1':
      return { update: sink, finish: () => undefined };
    default:
      throw new InvalidInputError("canonicalization must be 'text-nfc-lf/1' or 'bytes/1'");
  }
}

/**
 * The canonical bytes of a document, in a fresh array.
 *
 * @throws InvalidInputError if there is no canonicalization of that name
 * @throws InvalidDocumentError if the bytes break a rule
 */
export function canonicalize(bytes: Uint8Array, name: Canonicalization = DEFAULT_CANONICALIZATION): Uint8Array {
  const canonical = new GrowingBytes();
  const canonicalizer = createCanonicalizer(name, (part) => canonical.append(part));
  canonicalizer.update(requireBytes('bytes', bytes));
  canonicalizer.finish();
  return canonical.joined();
}
