/** Properties 1, 2 and 3: valid graphs pass, cycles and orphans never do; and what else one change can break. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseGraph } from '../../lib/journey/parse.ts';
import { validateGraph, type Validation } from '../../lib/journey/validate.ts';
import { nodeTypes } from '../../lib/nodes/catalogue.ts';
import {
  cyclicGraph,
  graphWithMissingBranch,
  graphWithOrphans,
  validGraph,
} from '../support/graphs-arbitrary.ts';
import { countScenario } from '../support/scenario-count.ts';

test('for every valid journey: it parses and passes without a problem', () => {
  const typesSeen = new Set<string>();
  fc.assert(
    fc.property(validGraph(), (graph) => {
      countScenario('1 valid graphs pass', graph);
      for (const { type } of graph.nodes) typesSeen.add(type);
      expect(graph.nodes.length).toBeGreaterThanOrEqual(2);
      expect(graph.nodes.length).toBeLessThanOrEqual(20);
      expect(validate(graph).problems).toEqual([]);
    }),
    { numRuns: 300 },
  );
  expect(typesSeen).toEqual(new Set(nodeTypes.keys()));
});

test('for every journey with an edge that leads back: a cycle is reported', () => {
  fc.assert(
    fc.property(cyclicGraph(), (graph) => {
      countScenario('2 cyclic graphs fail', graph);
      expect(messages(validate(graph), 'graph.cycle')).toMatch(/cycle/);
    }),
    { numRuns: 200 },
  );
});

test('for every journey with nodes that nothing leads to: each is reported as unreachable, and no other', () => {
  fc.assert(
    fc.property(graphWithOrphans(), ({ graph, orphans }) => {
      countScenario('3 orphans are detected', graph);
      const found = validate(graph).problems.filter(({ code }) => code === 'graph.unreachable');
      expect(found.map(({ node }) => node)).toEqual(orphans);
      for (const { node, message } of found) {
        expect(message).toContain('unreachable');
        expect(message).toContain(`"${node ?? ''}"`);
      }
    }),
    { numRuns: 200 },
  );
});

test('for every journey without an edge that a branch needs: the branch is reported as missing', () => {
  fc.assert(
    fc.property(graphWithMissingBranch(), ({ graph, node, branch }) => {
      countScenario('graphs with a missing branch fail', graph);
      const found = validate(graph).problems.filter(({ code }) => code === 'graph.missing_branch');
      expect(found.map((problem) => [problem.node, problem.message])).toEqual([
        [node, `missing branch "${branch}": no edge leaves "${node}" by it`],
      ]);
    }),
    { numRuns: 200 },
  );
});

test('for every graph-shaped JSON: validation ends, and its problems carry a code and a message', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const graph = fc.record({
    nodes: fc.array(
      fc.record({
        id,
        type: fc.constantFrom(...nodeTypes.keys(), 'event_entri', 'nonsense'),
        config: fc.dictionary(
          fc.constantFrom('event_type', 'duration', 'timeout', 'field', 'value', 'x'),
          fc.jsonValue({ maxDepth: 2 }),
        ),
      }),
      { maxLength: 6 },
    ),
    edges: fc.array(
      fc.record(
        { source: id, target: id, branch: fc.constantFrom('true', 'false', 'timed_out') },
        { requiredKeys: ['source', 'target'] },
      ),
      { maxLength: 10 },
    ),
  });
  fc.assert(
    fc.property(graph, (drawn) => {
      countScenario('validation ends on any graph', drawn);
      for (const { code, message } of validate(drawn).problems) {
        expect(code).toMatch(/^graph\.[a-z_]+$/);
        expect(message).not.toBe('');
      }
    }),
    { numRuns: 300 },
  );
});

function validate(drawn: unknown): Validation {
  const parsed = parseGraph(drawn);
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return validateGraph(parsed.graph, nodeTypes);
}

function messages(validation: Validation, code: string): string {
  const found = validation.problems.filter((problem) => problem.code === code);
  return found.map(({ message }) => message).join('\n');
}
