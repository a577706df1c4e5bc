/** What the stream of the table hands over: images of rows as DynamoDB writes them, before and after a change. */
import { z } from 'zod';

const image = z.record(z.string(), z.unknown());

export const input = z.object({
  Records: z
    .array(
      z.object({
        dynamodb: z.object({
          /** Where in its shard the change stands. */
          SequenceNumber: z.string().min(1).max(128),
          OldImage: image.optional(),
          NewImage: image.optional(),
        }),
      }),
    )
    .max(10_000),
});
