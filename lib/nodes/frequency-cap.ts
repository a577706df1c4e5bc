/**
 * `frequency_cap`: `capped` for a customer who has had enough messages, `allowed` for one who may have another. Sends that can only
 * be reached through `allowed` inherit the cap and keep it themselves (semantics 3.4): what this node sees may have changed by then.
 */
import { flatCapField } from '../journey/cap-field.ts';
import { spellDuration } from '../journey/duration.ts';
import { isExhausted, noSends } from '../journey/frequency-cap.ts';
import type { FrequencyCap } from '../journey/graph.ts';
import { nodeType } from './node-type.ts';

/** `{ "channel": "email", "max_messages": 3, "time_window": "1d" }`; without a channel, all of them. */
export const frequencyCap = nodeType<FrequencyCap>({
  type: 'frequency_cap',
  category: 'logic',
  set: 'core',
  summary: 'Keeps customers from getting too many messages.',
  config: flatCapField,
  branches: () => ['allowed', 'capped'],
  cap: (cap) => ({ cap, branch: 'allowed' }),
  needs: () => ['sends'],
  run: (cap, { sends = noSends, now }) => {
    const branch = isExhausted(sends, cap, now) ? 'capped' : 'allowed';
    const limit = `${cap.max} in ${spellDuration(cap.windowMs)}`;
    return {
      kind: 'branched',
      branch,
      result: { branch },
      notes: [
        branch === 'capped'
          ? `the customer has had the allowed messages (${cap.channel}: ${limit}), so capped`
          : `the customer may have another message (${cap.channel}: ${limit}), so allowed`,
      ],
    };
  },
});
