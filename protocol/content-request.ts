/** What relays say to each other beside the protocol's own words when one asks another for content. */

/**
 * A request with this header is answered with what is here, or at once with 404, or with 202 where the file is arriving
 * just now: nothing is fetched for it. So relays that ask each other never ask in a circle.
 */
export const ONLY_IF_HERE = 'sluice-only-if-here';

/**
 * On a 404 for such a request: who answers is about to fetch the file itself, and this is its turn. Whoever has a greater
 * one for the file leaves it to it.
 */
export const CONTENT_TURN = 'sluice-content-turn';
