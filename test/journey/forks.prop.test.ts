/** G13 against its definition, read path by path. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DrawnJson } from '../support/graphs.ts';
import { forksOf, isStructuredFork } from '../support/fork-definition.ts';
import { forkedGraph } from '../support/forked-graphs-arbitrary.ts';
import { check } from '../support/graphs-checked.ts';
import { countScenario } from '../support/scenario-count.ts';

test('for every graph with forks: exactly those whose branches meet without a join are refused', () => {
  let refused = 0;
  let accepted = 0;
  fc.assert(
    fc.property(forkedGraph(), (graph) => {
      countScenario('G13 structured forks', graph);
      const bad = forksOf(graph).filter((targets) => !isStructuredFork(graph, targets));
      refused += bad.length > 0 ? 1 : 0;
      accepted += bad.length === 0 && forksOf(graph).length > 0 ? 1 : 0;
      const { problems } = check(graph);
      expect(problems.map(({ code }) => code)).toEqual(
        bad.map(() => 'graph.unstructured_parallel'),
      );
      for (const { message, hint } of problems) {
        expect(message).toContain('unstructured parallel');
        expect(hint).toMatch(/^Lead the edges? .+ to "n\d+(-\w+)?" instead/);
      }
    }),
    { numRuns: 1_000 },
  );
  expect(refused).toBeGreaterThan(100);
  expect(accepted).toBeGreaterThan(100);
});

test('for every fork that is refused: leading the edges as the hint says makes that fork structured', () => {
  let mended = 0;
  fc.assert(
    fc.property(forkedGraph(), (graph) => {
      countScenario('G13 hints', graph);
      const [problem] = check(graph).problems;
      if (problem === undefined) return;
      mended += 1;
      const [, edges = '', target = ''] =
        /^Lead the edges? (.+) to "(.+?)" instead/.exec(problem.hint ?? '') ?? [];
      const after = redirect(graph, edges.split(', '), target);
      const left = check(after).problems.filter(({ node, message }) => {
        return node === problem.node && message.startsWith(problem.message.slice(0, 60));
      });
      expect(left.filter(({ code }) => code === 'graph.unstructured_parallel')).toEqual([]);
    }),
    { numRuns: 500 },
  );
  expect(mended).toBeGreaterThan(50);
});

function redirect(graph: DrawnJson, names: readonly string[], target: string): DrawnJson {
  const nameOf = (edge: DrawnJson['edges'][number]): string =>
    `${edge.source} -> ${edge.target}${edge.branch === undefined ? '' : ` [${edge.branch}]`}`;
  const edges = graph.edges.map((edge) =>
    names.includes(nameOf(edge)) ? { ...edge, target } : edge,
  );
  const keys = edges.map((edge) => JSON.stringify(edge));
  return {
    nodes: graph.nodes,
    edges: edges.filter((_, at) => keys.indexOf(keys[at] ?? '') === at),
  };
}
