/** Runs the nodes that end a journey. */
import { engine } from '../_shared/engine.ts';
import { nodeFunction } from '../_shared/node-function.ts';
import { input } from './input.ts';

export const handler = nodeFunction({ verb: 'run_node', input, engine: engine() });
