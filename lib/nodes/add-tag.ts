/** `add_tag`: the customer carries the tag from now on. */
import { nodeType } from './node-type.ts';
import { tagConfig, type TagConfig } from './tag-config.ts';

/** `{ "tag": "vip" }` */
export const addTag = nodeType<TagConfig>({
  type: 'add_tag',
  category: 'data',
  set: 'core',
  summary: 'Adds a tag to the customer.',
  config: tagConfig,
  run: ({ tag }) => ({
    kind: 'completed',
    result: { tag },
    effects: [{ kind: 'add_tag', tag }],
  }),
});
