/** Phone numbers as people write them -> as networks take them. */

/** `+49 (0)30 / 123-456` -> `+4930123456`, `0049 30 123456` -> `+4930123456`; undefined for a number that names no country. */
export function internationalNumber(phone: string): string | undefined {
  const number = phone
    .replace('(0)', '')
    .replace(/[ ().\-/]/g, '')
    .replace(/^00/, '+');
  return /^\+?[1-9]\d{5,14}$/.test(number) ? number : undefined;
}
