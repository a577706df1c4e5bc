import aslValidator from 'asl-validator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileGraph } from '../../lib/compiler/compile.ts';
import { parseGraph } from '../../lib/journey/parse.ts';
import { checkStateMachine, runStateMachine } from '../../lib/local/asl/asl.ts';
import { nodeTypes } from '../../lib/nodes/catalogue.ts';
import { validGraph } from '../support/graphs-arbitrary.ts';
import { countScenario } from '../support/scenario-count.ts';

describe('compileGraph', () => {
  it('for every valid graph: the machine is valid ASL, and runs from the entry to an end along the edges', async () => {
    await fc.assert(
      fc.asyncProperty(validGraph(), fc.nat(1000), async (drawn, choice) => {
        countScenario('1 compiled graphs', { drawn, choice });
        const parsed = parseGraph(drawn);
        if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
        const { graph } = parsed;
        const compiled = compileGraph(graph, nodeTypes, 'property');
        if ('problems' in compiled) throw new Error(JSON.stringify(compiled.problems));
        const { definition } = compiled;
        expect(checkStateMachine(definition)).toEqual([]);
        expect(aslValidator(definition as never)).toMatchObject({ isValid: true });

        const edgesOf = (id: string): typeof graph.edges =>
          graph.edges.filter(({ source }) => source === id);
        const entry = graph.nodes.find(({ type }) => type.endsWith('_entry'))?.id ?? '';
        const expected = [entry];
        for (let at = entry; ;) {
          const edges = edgesOf(at);
          const edge = edges[choice % Math.max(1, edges.length)];
          if (edge === undefined) break;
          at = edge.target;
          expected.push(at);
        }
        const branchAt = (id: string): string | undefined => {
          const edges = edgesOf(id);
          return edges[choice % Math.max(1, edges.length)]?.branch;
        };
        const { status, trace } = await runStateMachine(
          definition,
          { schema: 2, tenant: 't', journey: 'j', instance: 'i', epoch: 1, at: entry },
          {
            invoke: (_name, payload, task) => {
              const { node, ask } = payload as { node: string; ask?: string };
              if (ask === 'deadline') return Promise.resolve({ seconds: 60 });
              const branch = branchAt(node);
              const output = branch === undefined ? {} : { branch };
              if (task.token !== undefined) task.succeed(output);
              return Promise.resolve(output);
            },
          },
        );
        expect(status).toBe('SUCCEEDED');
        expect(trace.filter((state) => !state.includes('('))).toEqual(expected);
      }),
    );
  });
});
