/**
 * Builds the case of a mission job: arborist-mesh does the whole job, peers do its cryptography, composed from their
 * operations, and so does `arborist-mesh/crypto`, which shows what database and checks cost.
 *
 * @module
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { sameBytes } from '../../bytes.mjs';
import { arboristForm } from '../../peers/arborist.mjs';

/** @typedef {() => import('../../types.js').Awaitable<number>} Work does the job once; tells how many items it did */

/**
 * @param {object} definition
 * @param {string} definition.id
 * @param {string} definition.title
 * @param {string} definition.item
 * @param {string} definition.note what exactly the composed jobs do
 * @param {number} definition.size
 * @param {Readonly<Record<string, { label: string, work: Work }>>} definition.whole the whole job, in one or more forms
 *   whose ids begin with `arborist`; the first is what the others are compared with
 * @param {(operations: import('../../types.js').Operations) => import('../../types.js').Awaitable<Work | undefined>} definition.compose
 *   the cryptographic job from a peer's operations, or `undefined` if it lacks one
 * @returns {import('../../types.js').Case}
 */
export function jobCase({ id, title, item, note, size, whole, compose }) {
  const forms = Object.entries(whole).map(([formId, { label }]) => ({ id: formId, label, operations: {} }));
  const cryptoOnly = { ...arboristForm, id: 'arborist-crypto', label: 'arborist-mesh/crypto, composed' };
  return {
    id: `${id}-${size}`,
    title,
    item,
    note,
    size,
    forms: [...forms, cryptoOnly],
    tasks: [
      {
        itemsPerCall: size,
        inputCount: 1,
        prepare: async (form) => {
          const { id: formId, operations, jobOperations } = form;
          if (formId === arboristForm.id && !forms.includes(form)) return undefined;
          return whole[formId]?.work ?? (await compose({ ...jobOperations, ...operations }));
        },
        check: (done) => {
          if (done !== size) throw new Error(`the job did ${String(done)} of ${size} items`);
        },
      },
    ],
  };
}

/**
 * Does something to a database and undoes it, so that the next call finds what this one found.
 *
 * @template Result
 * @param {import('arborist-mesh').MeshDatabase} db
 * @param {() => Result} change
 * @returns {Result}
 */
export function undone(db, change) {
  /** @type {Result | undefined} */
  let result;
  const undo = new Error('undo');
  try {
    db.transaction(() => {
      result = change();
      throw undo;
    });
  } catch (error) {
    if (error !== undo) throw error;
  }
  return /** @type {Result} */ (result);
}

/**
 * SHA-256 of each of the inputs, whose first digest is right.
 *
 * @param {import('../../types.js').Operation<Uint8Array, Uint8Array>} operation
 * @param {readonly Uint8Array[]} inputs
 */
export async function checkedSha256(operation, inputs) {
  const hash = await operation(inputs);
  requireRight(inputs.length === 0 || sameBytes(await hash(0), sha256(/** @type {Uint8Array} */ (inputs[0]))));
  return hash;
}

/**
 * For results that a job looks at before it is timed.
 *
 * @param {boolean} right
 */
export function requireRight(right) {
  if (!right) throw new Error('a part of the job gives a wrong result');
}

/**
 * Runs a call for each of `count` inputs and counts those whose result is as it should be.
 *
 * @template Result
 * @param {number} count
 * @param {(index: number) => import('../../types.js').Awaitable<Result>} call
 * @param {(result: Result) => boolean} isRight
 * @returns {Promise<number>}
 */
export async function countRight(count, call, isRight) {
  let right = 0;
  for (let index = 0; index < count; index++) {
    const result = call(index);
    if (isRight(result instanceof Promise ? await result : result)) right++;
  }
  return right;
}
