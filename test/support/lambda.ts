/** Calls functions as Lambda does, and reads what they leave in their log. */
import type { Context } from 'aws-lambda';
import { expect, onTestFinished, vi } from 'vitest';
import { NamedError, unexpectedError } from '../../lambdas/_shared/named-error.ts';
import type { Handler } from '../../lambdas/_shared/door.ts';

export function lambdaContext(remainingMs = 60_000): Context {
  // Without the callbacks, which are gone from Node 24 on.
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'kalcifer-test-function',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:kalcifer-test-function',
    memoryLimitInMB: '256',
    awsRequestId: '7c1f2d6e-0000-4000-8000-000000000000',
    logGroupName: '/aws/lambda/kalcifer-test-function',
    logStreamName: 'stream',
    getRemainingTimeInMillis: () => remainingMs,
  } as Context;
}

export type Outcome<Answer> = { readonly answer: Answer } | { readonly error: NamedError };

/** The law of every function: an answer that is JSON, or an error under a name of ours. */
export async function call<Answer>(
  handler: Handler<Answer>,
  event: unknown,
  context = lambdaContext(),
): Promise<Outcome<Answer>> {
  try {
    const answer = await handler(event, context);
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
    return { answer };
  } catch (error) {
    expect(error).toBeInstanceOf(NamedError);
    const named = error as NamedError;
    expect(named.name).not.toBe(unexpectedError);
    expect(named.name).toMatch(/^(Kalcifer\.[A-Z]\w+|[a-z_]+\.[a-z_]+)$/);
    expect(Object.keys(named)).toEqual(['name']);
    return { error: named };
  }
}

export interface WatchedLog {
  text(): string;
  /** Lines that are no metrics. */
  lines(): readonly Record<string, unknown>[];
  /** What was counted, by metric and the dimensions it has. */
  counts(): readonly Record<string, unknown>[];
  /** What CloudWatch is told to make of each line of counts. */
  metrics(): readonly Record<string, unknown>[];
  forget(): void;
}

/** Until the test is over. */
export function watchLog(): WatchedLog {
  const written: string[] = [];
  const take = (chunk: unknown): boolean => {
    written.push(String(chunk));
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(take),
    vi.spyOn(process.stderr, 'write').mockImplementation(take),
  ];
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
  });
  const parsed = (): readonly Record<string, unknown>[] =>
    written
      .join('')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    text: () => written.join(''),
    lines: () => parsed().filter((line) => !('_aws' in line)),
    counts: () =>
      parsed().flatMap(({ _aws, service, ...counts }) => {
        if (_aws === undefined) return [];
        expect(service).toMatch(/^kalcifer-/);
        return [counts];
      }),
    metrics: () =>
      parsed().flatMap(({ _aws }) =>
        _aws === undefined
          ? []
          : (_aws as { CloudWatchMetrics: Record<string, unknown>[] }).CloudWatchMetrics,
      ),
    forget: () => {
      written.length = 0;
    },
  };
}
