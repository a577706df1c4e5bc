/** Decides a wait whose time is over: an event that came first has won. What is left of a long one goes to the next execution. */
import { engine } from '../_shared/engine.ts';
import { nodeFunction } from '../_shared/node-function.ts';
import { queuedStarts } from '../_shared/queued-starts.ts';
import { input } from './input.ts';

export const handler = nodeFunction({ verb: 'resolve_wait', input, engine: engine(queuedStarts) });
