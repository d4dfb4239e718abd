/**
 * Why bytes are no document under the named canonicalization and chunker.
 *
 * @module
 */
import { MeshError } from '../errors.js';

/** The rules that a document can break; `docs/records.md` has a paragraph on each. */
export type DocumentRule = 'utf-8' | 'byte-order-mark' | 'unassigned' | 'combining-run' | 'chunk-count';

/** A document breaks a rule of its canonicalization or chunker. Code `invalid-document`; `rule` names the rule. */
export class InvalidDocumentError extends MeshError {
  /** Which rule is broken. */
  readonly rule: DocumentRule;
  /** Where, in bytes of the document from 0, every line end counted as one; null where the whole document is meant. */
  readonly offset: number | null;

  /**
   * @param rule which rule is broken
   * @param message one line for people
   * @param offset where, in bytes
   */
  constructor(rule: DocumentRule, message: string, offset: number | null = null) {
    super('invalid-document', offset === null ? message : `${message} (at byte ${offset}, line ends counted as one)`);
    this.rule = rule;
    this.offset = offset;
  }
}
