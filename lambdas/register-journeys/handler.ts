/**
 * The custom resource that registers journeys when a deployment is made, changed or rolled back. CloudFormation calls it directly,
 * and it answers itself, whatever happens. When the deployment is removed nothing is done: what is in the table goes, or stays, with
 * the table.
 */
import { fileURLToPath } from 'node:url';
import type { Context } from 'aws-lambda';
import type { EngineContext } from '../../lib/engine/engine-context.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { apiKeyValue } from '../_shared/api-key-value.ts';
import { checkInput } from '../_shared/check-input.ts';
import { customCode } from '../_shared/custom-code.ts';
import { knownChannels } from '../_shared/deployed-channels.ts';
import { door, type Handler } from '../_shared/door.ts';
import { engine } from '../_shared/engine.ts';
import { namedError } from '../_shared/named-error.ts';
import { answerResource, putByFetch, type Outcome, type Put } from './answer-resource.ts';
import { input, properties, type ResourceRequest } from './input.ts';
import { register, type Sources } from './register.ts';

export interface Registration {
  readonly ctx: () => EngineContext;
  readonly sources: Sources;
  readonly put: Put;
}

export const handler = registerJourneys({
  ctx: engine(knownChannels, customCode),
  sources: { folder: fileURLToPath(new URL('.', import.meta.url)), apiKeyValue },
  put: putByFetch,
});

/** What has been told CloudFormation: `done` or `failed`. */
export function registerJourneys(registration: Registration): Handler<Outcome['kind']> {
  return door({
    input,
    work: async (request, context) => {
      const answer = answerOnce(request, registration.put);
      const alarm = beforeTimeout(context, () => answer(tooLate).catch(namedError));
      const outcome = await outcomeOf(registration, request);
      clearTimeout(alarm);
      return answer(outcome);
    },
  });
}

async function outcomeOf(
  { ctx, sources }: Registration,
  request: ResourceRequest,
): Promise<Outcome> {
  if (request.RequestType === 'Delete') return { kind: 'done' };
  try {
    await register(ctx(), checkInput(properties, request.ResourceProperties), sources);
    return { kind: 'done' };
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(error) };
  }
}

/** Code, message, and every problem: what the developer sees who deploys. */
function reasonOf(error: unknown): string {
  const { name, message } = namedError(error);
  const problems = error instanceof KalciferError ? (error.problems ?? []) : [];
  const told = problems.map(
    (problem) => `${problem.message}${problem.hint ? ` (${problem.hint})` : ''}`,
  );
  return [`${name}: ${message}`, ...told].join('\n');
}

/** The first answer counts. */
function answerOnce(
  request: ResourceRequest,
  put: Put,
): (outcome: Outcome) => Promise<Outcome['kind']> {
  let first: Promise<Outcome['kind']> | undefined;
  return (outcome) => (first ??= answerResource(request, outcome, put).then(() => outcome.kind));
}

const tooLate: Outcome = {
  kind: 'failed',
  reason: 'deployment.too_late: Registering takes longer than the function may run; deploy again.',
};

/** Time to put an answer. What goes on after it is ended by Lambda. */
const reserveMs = 15_000;

function beforeTimeout(context: Context, answer: () => Promise<unknown>): NodeJS.Timeout {
  const left = context.getRemainingTimeInMillis() - reserveMs;
  return setTimeout(() => void answer(), Math.max(0, left));
}
