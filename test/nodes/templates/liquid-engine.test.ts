/** The limits of rendering, to the character and to the step. */
import { describe, expect, test } from 'vitest';
import {
  liquid,
  renderedCharactersMax,
  renderedPiecesMax,
  runLiquid,
} from '../../../lib/nodes/templates/liquid-engine.ts';

const run = { facts: { event: { x: 1 } }, now: 0, escapeHtml: false };

describe('runLiquid', () => {
  test('gives the text, the value put out last, and what was missing', () => {
    expect(runLiquid(liquid.parse('a{{ event.y }}{{ event.x }}'), run)).toEqual({
      text: 'a1',
      lastValue: 1,
      missing: ['event.y'],
    });
  });

  test('takes exactly as many characters and steps as allowed', () => {
    const longest = 'x'.repeat(renderedCharactersMax);
    expect(runLiquid(liquid.parse(longest), run).text).toHaveLength(renderedCharactersMax);
    expect(() => runLiquid(liquid.parse(`${longest}x`), run)).toThrow('longer than 262144');
    const loop = (count: number): string => `{% for i in (1..${count}) %}{% endfor %}`;
    // The beginning of the template, the loop itself, and one step for each round.
    expect(runLiquid(liquid.parse(loop(renderedPiecesMax - 2)), run).text).toBe('');
    expect(() => runLiquid(liquid.parse(loop(renderedPiecesMax - 1)), run)).toThrow('50000 steps');
  });
});

test('templates are only rendered by runLiquid, which knows the time', () => {
  expect(() => liquid.parseAndRenderSync('{{ "now" | date }}') as unknown).toThrow(
    'outside runLiquid',
  );
});
