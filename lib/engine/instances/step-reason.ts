/** Says of every step in plain words why it went as it did: nobody should have to guess why somebody did or did not get a message. */
import type { NodeType } from '../../nodes/node-type.ts';
import type { ShownSend } from '../records/delivery-report.ts';
import type { Instance } from '../records/instance.ts';
import type { Step } from '../records/step.ts';

/** Never empty. What the node itself noted comes first; a step without notes is told by its kind. */
export function stepReason(
  step: Omit<Step, 'send'> & { readonly send?: ShownSend },
  type: Pick<NodeType, 'entry' | 'summary'> | undefined,
  { event }: Pick<Instance, 'event'>,
): string {
  const told = [...messageWords(step.send), ...(step.notes ?? [])];
  if (told.length > 0) return [...new Set(told)].join('; ');
  if (step.status === 'waiting') return 'waits';
  if (step.status === 'cancelled') return 'was called off: the journey was over for the customer';
  if (type?.entry !== undefined) {
    return event === undefined
      ? 'the customer was enrolled'
      : `the event ${event.type} let the customer in`;
  }
  if (step.conversion !== undefined) return `counts ${step.conversion.name}`;
  const [first = '', ...rest] = type?.summary ?? 'Done.';
  return `${first.toLowerCase()}${rest.join('')}`.replace(/\.$/, '');
}

function messageWords(send: ShownSend | undefined): readonly string[] {
  if (send === undefined) return [];
  return [`${send.channel} ${send.status}`, ...(send.detail === undefined ? [] : [send.detail])];
}
