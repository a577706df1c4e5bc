/** Records that a function gave up on an instance. */
import { engine } from '../_shared/engine.ts';
import { nodeFunction } from '../_shared/node-function.ts';
import { input } from './input.ts';

export const handler = nodeFunction({ verb: 'fail_instance', input, engine: engine() });
