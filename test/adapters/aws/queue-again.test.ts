import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { queueAgain } from '../../../lib/adapters/aws/queue-again.ts';

const queueUrl = 'https://sqs/history';

function queue() {
  const client = new SQSClient({ region: 'eu-west-1' });
  return { sqs: mockClient(client), again: queueAgain({ queueUrl, client }) };
}

describe('messages that are put into their queue once more', () => {
  it('are as they were', async () => {
    const { sqs, again } = queue();
    sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
    await again(['a', 'b']);
    expect(sqs.commandCalls(SendMessageBatchCommand)[0]?.args[0].input).toMatchObject({
      QueueUrl: queueUrl,
      Entries: [{ MessageBody: 'a' }, { MessageBody: 'b' }],
    });
  });

  it('may not be there when the answer was lost', async () => {
    const { sqs, again } = queue();
    sqs.on(SendMessageBatchCommand).rejects(new Error('socket hang up'));
    await expect(again(['a'])).rejects.toMatchObject({ code: 'queue.unavailable' });
  });
});
