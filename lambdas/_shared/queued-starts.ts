/** For functions that enrol, or hand an instance to its next execution: executions are started from the entry queue, at the pace that Step Functions takes. */
import { queuedStarts as startsByQueue } from '../../lib/adapters/aws/queued-starts.ts';
import type { Part } from './engine.ts';
import { readSetting } from './read-setting.ts';

export const queuedStarts: Part = ({ executions }) => ({
  executions: startsByQueue({ queueUrl: readSetting('entryQueue'), executions }),
});
