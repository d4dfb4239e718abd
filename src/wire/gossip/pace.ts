/**
 * How often gossip goes on, and to how many peers. docs/wire.md shows what follows from it in groups of up to ten thousand.
 *
 * @module
 */

/**
 * How many peers are told of a fresh message at first hand. With four, as first designed, a part of e^-4 of the peers hears of
 * a message by synchronizing only, and more where some are away: 99 % had it after 50 seconds instead of 3.
 */
export const FANOUT = 8;

/** Most peers that fresh messages are being offered to at one time: slow ones among them hold up no others. */
export const MAX_OFFERS_UNDER_WAY = 4 * FANOUT;

/** How often it is looked for fresh messages, in milliseconds. */
export const PUSH_INTERVAL_MS = 500;

/** Milliseconds between two synchronizations where nobody says. */
export const PULL_INTERVAL_MS = 30_000;

/** How long a peer that failed is left alone: at first, and at most, in milliseconds. It doubles each time. */
export const FIRST_BACKOFF_MS = 5_000;
/** See {@link FIRST_BACKOFF_MS}. */
export const LONGEST_BACKOFF_MS = 900_000;
