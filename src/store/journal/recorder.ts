/**
 * Takes note of the statements of a transaction, until there are so many that a new image is the better choice.
 *
 * @module
 */
import { isBytes } from '../../bytes.js';
import type { SqlValue } from '../sql-js.js';
import type { Statement } from './statements.js';

/** About what a statement takes beside its values, in bytes. */
const STATEMENT_OVERHEAD = 16;

function sizeOf(value: SqlValue): number {
  return typeof value === 'string' || isBytes(value) ? value.length : 8;
}

/** See the module's description. */
export class StatementRecorder {
  #statements: Statement[] = [];
  #size = 0;

  /**
   * @param limit about how many bytes of statements are kept; beyond it none is
   */
  record(sql: string, params: readonly SqlValue[], limit: number): void {
    if (this.#size > limit) return;
    this.#size += params.reduce<number>((sum, value) => sum + sizeOf(value), STATEMENT_OVERHEAD);
    if (this.#size > limit) this.#statements = [];
    // The caller may change its bytes before the transaction ends.
    else this.#statements.push({ sql, params: params.map((value) => (isBytes(value) ? value.slice() : value)) });
  }

  /** Hands over what was noted and begins anew; empty where nothing was, or too much. */
  take(): readonly Statement[] {
    const statements = this.#statements;
    this.discard();
    return statements;
  }

  discard(): void {
    this.#statements = [];
    this.#size = 0;
  }
}
