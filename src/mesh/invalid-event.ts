/**
 * Why a membership event is void. The rule's name is stable, for programs and for implementations in other languages.
 *
 * @module
 */
import { MeshError } from '../errors.js';

/** The rules that an event can break; each is one sentence of `docs/protocol.md`. */
export type EventRule =
  | 'encoding'
  | 'type'
  | 'group'
  | 'signature'
  | 'shape'
  | 'epoch'
  | 'signer-not-admin'
  | 'join-request'
  | 'signing-key'
  | 'dh-key'
  | 'unique-signing-key'
  | 'unique-dh-key'
  | 'unique-member-id'
  | 'target-absent'
  | 'outranked'
  | 'cut'
  | 'roster-hash';

/** A membership event breaks a rule that every peer applies. Code `invalid-event`; `rule` names the rule. */
export class InvalidEventError extends MeshError {
  /** Which rule is broken. */
  readonly rule: EventRule;

  /**
   * @param rule which rule is broken
   * @param message one line for people
   */
  constructor(rule: EventRule, message: string, options?: ErrorOptions) {
    super('invalid-event', message, options);
    this.rule = rule;
  }
}
