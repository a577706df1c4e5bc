import { describe, expect, it } from 'vitest';
import { namedError } from '../../lambdas/_shared/named-error.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { watchLog } from '../support/lambda.ts';

/** Words of which some lines look like places in the code. */
const words =
  'It is addressed\n    at ada@example.com\n    at Ada (s3cret)\n    at Ada (s3cret:1:1)';

/** As SDKs do once they know more: the stack keeps the words that it was made with. */
function reworded(): Error {
  const error = new Error('first\n    at ada@example.com (s3cret)');
  expect(error.stack).toContain('s3cret');
  error.message = 'second';
  return error;
}

describe('an error on its way out', () => {
  it.each([
    ['that nobody thought of', (): Error => new TypeError(words), 'TypeError'],
    ['whose words were changed', reworded, 'Error'],
    [
      'that is the cause of one of ours',
      (): Error => new KalciferError('table.misuse', 'No.', { cause: new RangeError(words) }),
      'RangeError',
    ],
  ])('%s tells the log where it was thrown, and none of its words', (_which, make, kind) => {
    const log = watchLog();
    namedError(make());
    expect(log.lines()).toMatchObject([
      {
        error: kind,
        at: expect.arrayContaining([expect.stringMatching(/named-error\.test\.ts:/)]),
      },
    ]);
    expect(log.text()).not.toMatch(/ada@|s3cret/);
  });

  it('may have no words, no stack, or be no error at all', () => {
    const log = watchLog();
    namedError(Object.assign(new Error(''), { stack: undefined }));
    namedError({ email: 'ada@example.com' });
    expect(log.lines()).toMatchObject([{ error: 'Error', at: [] }, { error: 'object' }]);
    expect(log.text()).not.toContain('ada@');
  });
});
