/** Runs the nodes that send messages and call webhooks. */
import { engine } from '../_shared/engine.ts';
import { nodeFunction } from '../_shared/node-function.ts';
import { sendingChannels } from '../_shared/sending-channels.ts';
import { input } from './input.ts';

export const handler = nodeFunction({ verb: 'run_node', input, engine: engine(sendingChannels) });
