/**
 * What lies in the queue of ends, as EventBridge puts it there: an execution of a state machine has ended. Further fields are left
 * aside.
 */
import { z } from 'zod';
import { idField } from '../_shared/id-field.ts';

export const input = z.object({
  source: z.literal('aws.states'),
  detail: z.object({
    /** What the execution was started with, as JSON; absent when that is too large, which ours never is. */
    input: z.string().nullish(),
  }),
});

/** What our executions are started with, in every schema; whoever starts one by hand may give it anything. */
export const ownInput = z.object({
  tenant: idField,
  instance: idField,
  epoch: z.int().min(1),
  journey: idField.optional(),
});
