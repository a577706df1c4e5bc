/**
 * When a join runs (semantics T5): once a token is at it and no other token can come to it any more, whatever the others do
 * meanwhile. Pure: what the machine's parallel states cannot tell is read from the tokens.
 */
import { joinAnswer } from '../../nodes/machine-contract.ts';
import type { PreparedVersion } from '../journeys/prepared-version.ts';
import type { Answer, Instance, Token } from '../records/instance.ts';

/** True while a token elsewhere can still come to this node. */
export function isHeld(
  tokens: readonly Token[],
  node: string,
  { reaches }: PreparedVersion,
): boolean {
  return (
    reaches !== undefined &&
    tokens.some((other) => other.node !== node && reaches(other.node, node))
  );
}

/** How a join that waits aside is to be answered; undefined while that is open. */
export function answerToJoin(
  tokens: readonly Token[],
  node: string,
  version: PreparedVersion,
): string | undefined {
  if (isHeld(tokens, node, version)) return undefined;
  return tokens.some((token) => token.node === node) ? joinAnswer.runs : joinAnswer.nobody;
}

/** The tokens have moved: joins of which that decides are owed their answer. */
export function openJoins(instance: Instance, version: PreparedVersion): Instance {
  const { joins = [], ...rest } = instance;
  if (joins.length === 0) return instance;
  const answers = joins.flatMap((join): Answer[] => {
    const branch = answerToJoin(instance.tokens, join.node, version);
    return branch === undefined ? [] : [{ ...join, branch }];
  });
  if (answers.length === 0) return instance;
  const waiting = joins.filter(({ task }) => answers.every((answer) => answer.task !== task));
  return {
    ...rest,
    answers: [...instance.answers, ...answers],
    ...(waiting.length === 0 ? {} : { joins: waiting }),
  };
}
