/**
 * Telling which documents could not be read.
 *
 * @module
 */
import type { CommandCall } from '../command-call.js';
import { type Failure, failureLine } from '../failure.js';
import { displayText } from '../format.js';

/** A file that was named, or found in a folder, and that gave no document. */
export interface Unread {
  readonly path: string;
  readonly failure: Failure;
}

/** A line for each, for people. A system's error names the file itself. */
export async function tellUnread(call: CommandCall, unread: readonly Unread[]): Promise<void> {
  await call.remark(
    ...unread.map(({ path, failure }) => {
      const { code, message } = failure;
      return failureLine({ code, message: code === 'file-error' ? message : `${displayText(path)}: ${message}` });
    }),
  );
}

/** One for a program. */
export function describeUnread({ path, failure: { code, message } }: Unread): object {
  return { file: path, code, message };
}
