/**
 * The groups that random scenarios take place in.
 *
 * @module
 */

/** Most are small: a failure that needs many peers is rare, and a scenario's cost grows with their number. */
export const SMALL_GROUPS = {
  'ada* ben* cleo*': 5,
  'ada* ben* cleo* dan': 2,
  'ada* ben* cleo* dan* eve': 1,
  'ada* ben* cleo* dan* eve fay': 1,
};

/** A founder, three more admins and 46 members. */
export const FIFTY_PEOPLE = ['ada*', 'ben*', 'cleo*', 'dan*', ...Array.from({ length: 46 }, (_, i) => `m${i}`)].join(
  ' ',
);
