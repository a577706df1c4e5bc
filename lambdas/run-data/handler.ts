/** Runs the nodes that change profiles, run code and record conversions. */
import { customCode } from '../_shared/custom-code.ts';
import { engine } from '../_shared/engine.ts';
import { nodeFunction } from '../_shared/node-function.ts';
import { queuedStarts } from '../_shared/queued-starts.ts';
import { input } from './input.ts';

export const handler = nodeFunction({
  verb: 'run_node',
  input,
  engine: engine(queuedStarts, customCode),
});
