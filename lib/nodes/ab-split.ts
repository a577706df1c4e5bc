/**
 * `ab_split`: the customer leaves by one of the variants, always the same one. Splits of different nodes are independent of
 * each other; a salt shared by two nodes makes them split alike.
 */
import { z } from 'zod';
import { nameField } from '../journey/schema-field.ts';
import { bucketOf, stableHash } from '../journey/stable-hash.ts';
import { nodeType, type Outcome } from './node-type.ts';

const config = z.strictObject({
  variants: z
    .array(z.strictObject({ key: nameField(80), weight: z.int().min(1).max(100) }))
    .min(2)
    .max(5),
  salt: nameField().exactOptional(),
});

type Config = z.infer<typeof config>;

/** `{ "variants": [{ "key": "a", "weight": 70 }, { "key": "b", "weight": 30 }] }` */
export const abSplit = nodeType<Config>({
  type: 'ab_split',
  category: 'logic',
  set: 'core',
  summary: 'Splits customers at random into variants of given weights.',
  config,
  validate: ({ variants }) => {
    const keys = variants.map(({ key }) => key);
    const repeated = new Set(keys.filter((key, at) => keys.indexOf(key) !== at));
    return [...repeated].map((key) => ({
      message: `two variants have the key "${key}"`,
      hint: 'Give each variant its own key: it names the branch.',
    }));
  },
  branches: ({ variants }) => variants.map(({ key }) => key),
  run: ({ variants, salt }, { journey, node, customer }) =>
    assign(variants, stableBucket(salt ?? `${journey}/${node}`, customer, totalWeight(variants))),
});

function stableBucket(salt: string, customer: string, buckets: number): number {
  return bucketOf(stableHash([salt, customer]), buckets);
}

function totalWeight(variants: Config['variants']): number {
  return variants.reduce((sum, { weight }) => sum + weight, 0);
}

/** Each variant owns as many neighbouring buckets as its weight says, in the order drawn. */
function assign(variants: Config['variants'], bucket: number): Outcome {
  let first = 0;
  for (const { key, weight } of variants) {
    const next = first + weight;
    if (bucket < next) {
      const share = `${first} to ${next - 1} of ${totalWeight(variants)}`;
      return {
        kind: 'branched',
        branch: key,
        result: { branch: key },
        notes: [`customer hash ${bucket} falls in ${key} (${share})`],
      };
    }
    first = next;
  }
  return {
    kind: 'failed',
    code: 'ab_split.no_variant',
    detail: 'the split has no variants',
    retryable: false,
  };
}
