/**
 * One look at a state's data: what paths, payload templates, intrinsic functions and choice rules are evaluated against, and
 * where they leave why they failed. Nothing here throws: `undefined` means "failed, see `failure`".
 */
import type { Json } from '../../json.ts';
import type { Chance } from '../../ports/chance.ts';

export interface Evaluation {
  readonly input: Json;
  /** The context object (`$$`), or only the section that a path asks for: the whole costs more than most states. */
  readonly context: (section?: string) => Json;
  readonly chance: Chance;
  /** Set by whoever answers `undefined`. */
  failure: EvaluationFailure | undefined;
}

export interface EvaluationFailure {
  readonly error: 'States.Runtime' | 'States.IntrinsicFailure';
  /** The part of the cause that AWS writes after naming the state. */
  readonly text: string;
}

/** Parsed once from a definition, run at each visit. Answers `undefined` after it has set `failure`. */
export type Resolver = (evaluation: Evaluation) => Json | undefined;

/** Notes why an evaluation failed; its caller answers `undefined`. */
export function failEvaluation(
  evaluation: Evaluation,
  text: string,
  error: EvaluationFailure['error'] = 'States.Runtime',
): void {
  evaluation.failure ??= { error, text };
}
