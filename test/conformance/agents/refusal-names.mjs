// @ts-check
/**
 * The checks of the control, by name: the runner expects exactly these.
 *
 * @module
 */

export const SIGN_REFUSED = 'sign is refused within a second';
export const DATABASE_REFUSED = 'openDatabase is refused within a second';
