/** G11: what node types say about their configuration. */
import { expect, test } from 'vitest';
import { drawGraph } from '../../support/graphs.ts';
import { check } from '../../support/graphs-checked.ts';

test('every mistake in every configuration is reported with node, place and words of its own', () => {
  const drawn = drawGraph(
    {
      in: ['event_entry', { event_type: '', colour: 'red' }],
      wait: ['wait', { duration: '-5d' }],
      mail: ['send_email', { template_id: 't', subject: 's' }],
      split: [
        'ab_split',
        {
          variants: [
            { key: 'a', weight: 0 },
            { key: 'b', weight: 1 },
          ],
        },
      ],
      out: ['exit'],
    },
    ['in -> wait', 'wait -> mail', 'mail -> split', 'split -> out [a]'],
  );
  expect(check(drawn).problems).toEqual([
    {
      code: 'graph.node_config',
      node: 'in',
      path: 'nodes[0].config.event_type',
      message: 'event_entry "in": config.event_type must not be empty',
    },
    {
      code: 'graph.node_config',
      node: 'in',
      path: 'nodes[0].config',
      message: 'event_entry "in": config has the unknown key "colour"',
    },
    {
      code: 'graph.node_config',
      node: 'wait',
      path: 'nodes[1].config.duration',
      message:
        'wait "wait": config.duration must be a duration such as "3d": a whole number and one of the units ms, s, m, h, d, w, without spaces',
    },
    {
      code: 'graph.node_config',
      node: 'mail',
      path: 'nodes[2].config',
      message: 'send_email "mail": needs either template_id, or both subject and body',
      hint: 'Remove one of the two, or complete it.',
    },
    {
      code: 'graph.node_config',
      node: 'split',
      path: 'nodes[3].config.variants[0].weight',
      message: 'ab_split "split": config.variants[0].weight must be at least 1',
    },
  ]);
});

test('a node without configuration is read as one with an empty configuration', () => {
  const drawn = drawGraph({ in: ['event_entry'], out: ['exit'] }, ['in -> out']);
  expect(check(drawn).problems.map(({ message }) => message)).toEqual([
    'event_entry "in": config.event_type is required',
  ]);
});
