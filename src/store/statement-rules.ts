/**
 * What the statement layer lets through. A journal keeps the statements that wrote and executes them again, so each of
 * them must do the same whenever it is executed on the same database; and what only reads must not write, since it is not
 * kept.
 *
 * @module
 */
import { InvalidInputError } from '../errors.js';

/** Functions and names whose value depends on chance, on the time or on what the connection did before. */
const VOLATILE =
  /\b(?:(?:random|randomblob|date|time|datetime|julianday|unixepoch|strftime|timediff|last_insert_rowid|changes|total_changes|sqlite_\w+)\s*\(|current_(?:date|time|timestamp)\b)/i;
/** On a conflict these leave a part of what a statement did, or end the transaction. */
const PARTIAL = /\bOR\s+(?:FAIL|ROLLBACK)\b/i;
const CONTROL = /^\s*(?:BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|VACUUM|ATTACH|DETACH)\b/i;
const WRITING = /^\s*(?:INSERT|REPLACE|UPDATE|DELETE|CREATE|DROP|ALTER|WITH\b.*\b(?:INSERT|REPLACE|UPDATE|DELETE)\s)/is;

/** Enough for every statement of the library; a bound for programs that make up SQL as they go. */
const MAX_REMEMBERED = 1_024;

/** A check of a statement's text that is made once for each text. */
function once(check: (sql: string) => void): (sql: string) => void {
  const passed = new Set<string>();
  return (sql) => {
    if (passed.has(sql)) return;
    check(sql);
    if (passed.size >= MAX_REMEMBERED) passed.clear();
    passed.add(sql);
  };
}

/**
 * Checks a statement that writes.
 *
 * @throws InvalidInputError if executing it again on the same database could do something else, or if it would begin or end
 *   a transaction
 */
export const requireReplayable = once((sql) => {
  const volatile = VOLATILE.exec(sql)?.[0];
  if (volatile !== undefined) {
    throw new InvalidInputError(
      `sql must do the same whenever it is executed, without ${volatile}: pass a parameter instead`,
    );
  }
  if (PARTIAL.test(sql))
    throw new InvalidInputError('sql must not leave half of what it does: no OR FAIL, OR ROLLBACK');
  if (CONTROL.test(sql)) throw new InvalidInputError('sql must not control transactions: use db.transaction');
});

/** Checks a statement that reads. @throws InvalidInputError if it writes */
export const requireReading = once((sql) => {
  if (WRITING.test(sql)) throw new InvalidInputError('sql must only read: what writes goes through sql.run');
});
