/**
 * Starts executions from a queue: Step Functions takes only so many starts a second, a queue takes any number at once, and what it
 * has taken is not forgotten. Whoever reads the queue makes the start itself; everything else goes straight to the executions.
 */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { checkExecutionName, type Executions, type StartRequest } from '../../ports/executions.ts';
import { queueText } from '../../queue-text.ts';
import { awsFailure } from './aws-failure.ts';
import { executionsError } from './executions-error.ts';
import { patience } from './patience.ts';

export interface QueuedStartsOptions {
  readonly queueUrl: string;
  readonly executions: Executions;
  readonly client?: SQSClient;
}

/** A start as it lies in the queue. */
interface QueuedStart {
  /** Number of this shape. */
  readonly schema: 1;
  readonly start: StartRequest;
}

export function queuedStarts({
  queueUrl,
  executions,
  client = new SQSClient(patience),
}: QueuedStartsOptions): Executions {
  return {
    start: async ({ machine, name, input }) => {
      checkExecutionName(name);
      const queued: QueuedStart = { schema: 1, start: { machine, name, input } };
      try {
        await client.send(
          new SendMessageCommand({
            QueueUrl: queueUrl,
            MessageBody: queueText(JSON.stringify(queued)),
          }),
        );
      } catch (error) {
        throw executionsError('SendMessage to the entry queue', awsFailure(error));
      }
      // Whether the name runs already, only the reader of the queue will see.
      return 'started';
    },
    succeed: (request) => executions.succeed(request),
    fail: (request) => executions.fail(request),
    stop: (request) => executions.stop(request),
  };
}
