/** `wait_until`: the customer stays here until an instant, given in the drawing or among the facts. */
import { z } from 'zod';
import { readPath } from '../journey/fact-path.ts';
import { parseInstant, spellInstant } from '../journey/instant.ts';
import { factPathProblem } from '../journey/parse-rule.ts';
import { needsOf } from './needs-of.ts';
import { nodeType, type Outcome, type RunContext } from './node-type.ts';
import { unexpectedTrigger } from './unexpected-trigger.ts';

const config = z.strictObject({
  datetime: z.string().refine((text) => parseInstant(text) !== undefined || isPath(text), {
    message:
      'must be an instant with an offset such as "2026-03-01T09:00:00+01:00", or a path to one such as "event.starts_at"',
  }),
  if_past: z.enum(['continue', 'fail']).default('continue'),
});

type Config = z.infer<typeof config>;

/** `{ "datetime": "2026-03-01T09:00:00+01:00" }`, `{ "datetime": "event.starts_at", "if_past": "fail" }` */
export const waitUntil = nodeType<Config>({
  type: 'wait_until',
  category: 'logic',
  set: 'core',
  summary: 'Waits until a date and time.',
  config,
  parking: () => ({ kind: 'computed' }),
  needs: ({ datetime }) => (isPath(datetime) ? needsOf(new Set(datetime.split('.', 1))) : []),
  run: (drawn, ctx) => {
    const instant = instantOf(drawn.datetime, ctx);
    return instant === undefined ? notAnInstant(drawn.datetime, ctx) : arrive(drawn, instant, ctx);
  },
  resume: (_config, _ctx, trigger) =>
    trigger.kind === 'timer' ? { kind: 'completed' } : unexpectedTrigger('wait_until', trigger),
});

function isPath(text: string): boolean {
  return factPathProblem(text) === undefined;
}

function instantOf(datetime: string, { facts }: RunContext): number | undefined {
  return parseInstant(datetime) ?? parseInstant(readPath(facts, datetime));
}

function arrive({ if_past: ifPast }: Config, instant: number, { now }: RunContext): Outcome {
  if (instant > now) return { kind: 'waiting', wait: { deadline: instant } };
  if (instant === now || ifPast === 'continue') {
    return { kind: 'completed', notes: [`${spellInstant(instant)} has passed, so no wait`] };
  }
  return {
    kind: 'failed',
    code: 'wait_until.past',
    detail: `${spellInstant(instant)} has passed`,
    retryable: false,
  };
}

function notAnInstant(path: string, { facts }: RunContext): Outcome {
  const value = readPath(facts, path);
  const found = value === undefined ? 'not set' : JSON.stringify(value).slice(0, 80);
  return {
    kind: 'failed',
    code: 'wait_until.not_an_instant',
    detail: `${path} is ${found}, not an instant with an offset such as "2026-03-01T09:00:00+01:00"`,
    retryable: false,
  };
}
