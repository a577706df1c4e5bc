import aslValidator from 'asl-validator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileGraph } from '../../lib/compiler/compile.ts';
import type { States } from '../../lib/compiler/state-machine.ts';
import { parseGraph } from '../../lib/journey/parse.ts';
import { checkStateMachine } from '../../lib/local/asl/asl.ts';
import { nodeTypes } from '../../lib/nodes/catalogue.ts';
import { structuredForkedGraph } from '../support/forked-graphs-arbitrary.ts';
import { countScenario } from '../support/scenario-count.ts';

describe('compileGraph', () => {
  it('for every journey with structured forks: the machine is valid ASL, and each node is a state of its name', () => {
    const seen = new Map<string, number>();
    let compiledCount = 0;
    fc.assert(
      fc.property(structuredForkedGraph(), (drawn) => {
        countScenario('compiled forks', drawn);
        const parsed = parseGraph(drawn);
        if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
        const compiled = compileGraph(parsed.graph, nodeTypes, 'property');
        if ('problems' in compiled) throw new Error(JSON.stringify(compiled.problems));
        const { definition } = compiled;
        expect(checkStateMachine(definition)).toEqual([]);
        // Much slower than our own check, and a second opinion.
        if ((compiledCount += 1) % 10 === 0) {
          expect(aslValidator(definition as never)).toMatchObject({ isValid: true });
        }
        const names = namesIn(definition.States);
        expect(new Set(names).size).toBe(names.length);
        for (const name of names) expect(name.length).toBeLessThanOrEqual(80);
        expect(names.filter((name) => !name.includes('(')).toSorted()).toEqual(
          drawn.nodes.map(({ id }) => id).toSorted(),
        );
        for (const kind of kindsIn(names)) seen.set(kind, (seen.get(kind) ?? 0) + 1);
      }),
      { numRuns: 800 },
    );
    // The corners were reached: joins, joins that stand aside, paths into branches, private ends, copies, joins further out.
    for (const kind of ['parallel', 'joined', 'join', 'enter', 'ended', 'copy', 'search', 'over']) {
      expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(4);
    }
  });
});

function namesIn(states: States): readonly string[] {
  return Object.entries(states).flatMap(([name, state]) =>
    state.Type === 'Parallel'
      ? [name, ...state.Branches.flatMap((branch) => namesIn(branch.States))]
      : [name],
  );
}

function kindsIn(names: readonly string[]): ReadonlySet<string> {
  return new Set(
    names.map((name) => {
      const [, kind = 'node'] = /\((.+?)(?: \d+)?\)$/.exec(name) ?? [];
      return /^\d+$/.test(kind) ? 'copy' : kind;
    }),
  );
}
