/** What the history queue hands over: messages that hold many rows each, checked row by row by `lib/history-message.ts`. */
import { z } from 'zod';
import { queueMessage } from '../_shared/sqs-batch.ts';

/** A queue counts how often it hands a message out; without its word, it is the first time. */
const attributes = z
  .object({ ApproximateReceiveCount: z.coerce.number().int().positive() })
  .catch({ ApproximateReceiveCount: 1 });

export const input = z.object({
  Records: z.array(queueMessage.extend({ attributes })).max(10_000),
});
