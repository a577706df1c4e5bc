/** `remove_tag`: the customer no longer carries the tag. */
import { nodeType } from './node-type.ts';
import { tagConfig, type TagConfig } from './tag-config.ts';

/** `{ "tag": "trial" }` */
export const removeTag = nodeType<TagConfig>({
  type: 'remove_tag',
  category: 'data',
  set: 'core',
  summary: 'Removes a tag from the customer.',
  config: tagConfig,
  run: ({ tag }) => ({
    kind: 'completed',
    result: { tag },
    effects: [{ kind: 'remove_tag', tag }],
  }),
});
