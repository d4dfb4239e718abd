/**
 * What the process tells the shell that started it.
 *
 * @module
 */

/** The three exit codes of `arborist`; every command uses them in the same way. */
export const exitCodes = {
  /** Everything that was asked for was done. */
  ok: 0,
  /** The command was understood and could not be carried out; one line on standard error says why. */
  failed: 1,
  /** The command line itself is wrong: unknown command or option, missing argument, bad option value. */
  usage: 2,
} as const;
