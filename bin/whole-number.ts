/** Reads the number that an option asks for; any other text is refused like every wrong option, before anything is begun. */
import { InvalidArgumentError } from 'commander';

export function wholeNumber(min: number, max: number): (written: string) => number {
  return (written) => {
    const number = /^\d+$/.test(written) ? Number(written) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}
