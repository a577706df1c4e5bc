/**
 * The way into every function, built once, in one order: log, trace, names for errors, check of the input. A function is what is
 * left: a form of input, and what is done with it.
 */
import middy from '@middy/core';
import type { MiddlewareObj } from '@middy/core';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import type { Context } from 'aws-lambda';
import type { z } from 'zod';
import { checkInput } from './check-input.ts';
import { logger, service, type Subject } from './logger.ts';
import { namedError } from './named-error.ts';

export type Handler<Answer> = (event: unknown, context: Context) => Promise<Answer>;

export interface Door<Input, Answer> {
  readonly input: z.ZodType<Input>;
  readonly work: (input: Input, context: Context) => Promise<Answer>;
  /** By which ids the log and the trace of an invocation are found. */
  readonly subjectOf?: (input: Input) => Subject;
}

/** Addresses of calls may hold customers' data, so only the function itself is traced. */
const tracer = new Tracer({ serviceName: service, captureHTTPsRequests: false });

/** The handler throws nothing but `NamedError`. */
export function door<Input, Answer>({
  input,
  work,
  subjectOf,
}: Door<Input, Answer>): Handler<Answer> {
  // Lambda itself ends what takes too long: an answer before that would leave the work frozen, to go on at some later call.
  const handler = middy<Input, Answer>(work, { timeoutEarlyInMillis: 0 })
    .use(injectLambdaContext(logger, { logEvent: false, resetKeys: true }))
    .use(captureLambdaHandler(tracer, { captureResponse: false }))
    .use(errorNames())
    .use(inputCheck(input))
    .use(subject(subjectOf));
  return handler as unknown as Handler<Answer>;
}

function errorNames(): MiddlewareObj {
  return {
    onError: (request) => {
      request.error = namedError(request.error);
    },
  };
}

function inputCheck<Input>(schema: z.ZodType<Input>): MiddlewareObj {
  return {
    before: (request) => {
      request.event = checkInput(schema, request.event);
    },
  };
}

function subject<Input>(subjectOf: Door<Input, unknown>['subjectOf']): MiddlewareObj {
  return {
    before: ({ event }) => {
      if (subjectOf === undefined) return;
      const ids = subjectOf(event as Input);
      logger.appendKeys({ ...ids });
      for (const [name, id] of Object.entries(ids)) {
        if (id !== undefined) tracer.putAnnotation(name, id as string);
      }
    },
  };
}
