/** What an intrinsic function is: values in, a value or the reason why there is none out. */
import type { Json } from '../../json.ts';
import type { Chance } from '../../ports/chance.ts';

/** One intrinsic function of Step Functions: how many arguments it takes and what it makes of them. */
export interface IntrinsicFunction {
  /** Fewest and most arguments. */
  readonly arity: readonly [number, number];
  readonly run: (args: readonly Json[], chance: Chance) => IntrinsicResult;
}

export type IntrinsicResult = { readonly value: Json } | { readonly fault: string };

/** The longest text, in characters, that encoding and hashing functions take on AWS. */
export const textLengthMax = 10_000;
