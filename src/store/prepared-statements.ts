/**
 * Statements that are prepared once and kept by their text.
 *
 * @module
 */

/** Enough for every statement of the library; a bound for programs that make up SQL as they go. */
const MAX_PREPARED = 256;

/** The prepared statements of one connection. */
export class PreparedStatements<Statement> {
  readonly #kept = new Map<string, Statement>();
  readonly #prepare: (sql: string) => Statement;
  readonly #free: (statement: Statement) => void;

  /**
   * @param prepare its errors are passed on
   * @param free called with each statement that is kept no longer
   */
  constructor(prepare: (sql: string) => Statement, free: (statement: Statement) => void = () => undefined) {
    this.#prepare = prepare;
    this.#free = free;
  }

  /** The statement with this text, prepared now if it is not kept. */
  get(sql: string): Statement {
    let statement = this.#kept.get(sql);
    if (statement === undefined) {
      if (this.#kept.size >= MAX_PREPARED) this.clear();
      statement = this.#prepare(sql);
      this.#kept.set(sql, statement);
    }
    return statement;
  }

  /** Keeps none of them any longer. */
  clear(): void {
    for (const statement of this.#kept.values()) this.#free(statement);
    this.#kept.clear();
  }
}
