/**
 * The digests: what checks recorded, boiled down to one value that runtimes can be compared by.
 *
 * @module
 */
import { isBytes, utf8 } from '../bytes.js';
import { sha256 } from '../crypto/sha256.js';
import type { CheckContext } from './area.js';
import { toHex } from './hex.js';

/** What one check is given, and the digest of what it recorded. */
export interface Recording {
  readonly context: CheckContext;
  /** SHA-256 of the records in their order, as hexadecimal text; empty where the core does not start. */
  digest(): string;
}

/**
 * Begins to record.
 *
 * @param folder what {@link CheckContext.folder} says
 */
export function createRecording(folder: string | null): Recording {
  const lines: string[] = [];
  return {
    context: {
      folder,
      record: (label, value) => {
        lines.push(JSON.stringify([label, isBytes(value) ? toHex(value) : value]));
      },
    },
    digest: () => digestLines(lines),
  };
}

/** SHA-256 of lines of text, as hexadecimal text; empty where the core does not start. */
export function digestLines(lines: readonly string[]): string {
  try {
    return toHex(sha256(utf8(lines.join('\n'))));
  } catch {
    return '';
  }
}
