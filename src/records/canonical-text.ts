/**
 * `text-nfc-lf/1`.
 *
 * @module
 */
import { concatBytes, utf8 } from '../bytes.js';
import type { Canonicalizer, Sink } from './canonicalize.js';
import { InvalidDocumentError } from './invalid-document.js';

const BYTE_ORDER_MARK = '\ufeff';

/** Starts the canonicalization. */
export function createTextCanonicalizer(sink: Sink): Canonicalizer {
  const parts: Uint8Array[] = [];
  return {
    update(bytes) {
      parts.push(bytes.slice());
    },
    finish() {
      let text: string;
      try {
        text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(concatBytes(...parts));
      } catch {
        throw new InvalidDocumentError('utf-8', 'the document is not UTF-8');
      }
      if (text.startsWith(BYTE_ORDER_MARK))
        throw new InvalidDocumentError('byte-order-mark', 'the document begins with a byte order mark');
      if (/\p{Cn}/u.test(text))
        throw new InvalidDocumentError('unassigned', 'the document has an unassigned code point');
      sink(utf8(text.replaceAll(/\r\n?/g, '\n').normalize('NFC')));
    },
  };
}
