/** The form of every id: 8 characters for the millisecond, so that ids sort by time, and 12 for chance. */

/** In the order of their bytes. */
export const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const timeCharacters = 8;
export const chanceCharacters = 12;

/** @param at epoch milliseconds, up to the year 8888 */
export function timePart(at: number): string {
  let rest = Math.floor(at);
  let part = '';
  for (let place = 0; place < timeCharacters; place++) {
    part = alphabet.charAt(rest % alphabet.length) + part;
    rest = Math.floor(rest / alphabet.length);
  }
  return part;
}
