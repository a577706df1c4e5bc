/** Parks customers who wait: for an event, a time, others at a join, or the end of a pause. */
import { engine } from '../_shared/engine.ts';
import { nodeFunction } from '../_shared/node-function.ts';
import { input } from './input.ts';

export const handler = nodeFunction({ verb: 'run_node', input, engine: engine() });
