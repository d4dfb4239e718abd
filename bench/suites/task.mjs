/**
 * Builds the tasks of a case from an operation, its inputs and a check.
 *
 * @module
 */

/**
 * @template Input, Output
 * @param {object} definition
 * @param {(operations: import('../types.js').Operations) => import('../types.js').Operation<Input, Output> | undefined} definition.operation
 *   picks the operation from what a form offers
 * @param {readonly Input[]} definition.inputs
 * @param {(result: Output, input: Input, index: number) => unknown} definition.check resolves to whether the result is right
 * @param {number} [definition.itemsPerCall]
 * @returns {import('../types.js').Task}
 */
export function task({ operation, inputs, check, itemsPerCall = 1 }) {
  return {
    itemsPerCall,
    inputCount: inputs.length,
    prepare: (form) => operation(form.operations)?.(inputs),
    check: async (result, index) => {
      const right = await check(/** @type {Output} */ (result), /** @type {Input} */ (inputs[index]), index);
      if (right !== true) throw new Error(`a wrong result for input ${index}`);
    },
  };
}
