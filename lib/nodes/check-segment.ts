/** `check_segment`: is the customer in the segment, as the profile is at this moment? */
import { z } from 'zod';
import { durationMsField, idField } from '../journey/schema-field.ts';
import { nodeType, type Outcome, type RunContext } from './node-type.ts';

const config = z.strictObject({
  segment_id: idField(),
  on_unavailable: z.enum(['fail', 'false']).default('fail'),
  retry_for: durationMsField
    .refine((ms) => ms <= retryForMsMax, { message: 'must not be longer than 24h' })
    .default(3_600_000),
});

type Config = z.infer<typeof config>;

/** `{ "segment_id": "big-spenders" }`, `{ "segment_id": "big-spenders", "on_unavailable": "false", "retry_for": "10m" }` */
export const checkSegment = nodeType<Config>({
  type: 'check_segment',
  category: 'logic',
  set: 'extended',
  summary: 'Splits customers by whether they are in a segment.',
  config,
  branches: () => ['true', 'false'],
  segment: ({ segment_id: segment }) => segment,
  outageMs: ({ retry_for: ms }) => ms,
  run: (drawn, ctx) => check(drawn, ctx),
});

/** Every attempt is in the execution's history, which is limited. */
const retryForMsMax = 86_400_000;

function check(drawn: Config, ctx: RunContext): Outcome {
  const { segment_id: segment, on_unavailable: otherwise } = drawn;
  switch (ctx.segment?.kind) {
    case 'known': {
      const branch = ctx.segment.isIn ? 'true' : 'false';
      return branched(branch, `${ctx.segment.because}, so ${branch}`);
    }
    case 'unavailable':
      if (ctx.now - ctx.startedAt < drawn.retry_for) {
        return { kind: 'later', detail: 'the segment store does not answer' };
      }
      return unanswered(otherwise, 'segment.unavailable', 'the segment store did not answer');
    case undefined:
      return unanswered(otherwise, 'segment.unknown', `there is no segment "${segment}"`);
  }
}

function unanswered(otherwise: Config['on_unavailable'], code: string, why: string): Outcome {
  return otherwise === 'false'
    ? branched('false', `${why}, so false`)
    : { kind: 'failed', code, detail: why, retryable: false };
}

function branched(branch: 'true' | 'false', note: string): Outcome {
  return { kind: 'branched', branch, result: { branch }, notes: [note] };
}
