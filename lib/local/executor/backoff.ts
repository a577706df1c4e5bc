/** How long to wait before trying a store that failed again, by the number of failures in a row. */
const firstDelayMs = 50;
const delayMsMax = 5_000;
const doublingsMax = 10;

export function backoffMs(failures: number): number {
  return Math.min(firstDelayMs * 2 ** Math.min(failures - 1, doublingsMax), delayMsMax);
}
