/** What the history queue hands over: messages that hold many rows each, checked row by row by `lib/history-message.ts`. */
export { queueBatch as input } from '../_shared/sqs-batch.ts';
