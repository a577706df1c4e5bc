import { expect, it } from 'vitest';
import { jsonFault } from '../lib/json-fault.ts';

it.each([
  ['{"a":1,\n "b":}', 13, 2, 6, 'value expected'],
  ['{"a":1', 6, 1, 7, 'close brace expected'],
  ['{"a":1}\n// no comments', 8, 2, 1, 'invalid comment token'],
  ['[1,]', 3, 1, 4, 'value expected'],
  ['', 0, 1, 1, 'value expected'],
])('says where %j stops being JSON, and why', (text, position, line, column, what) => {
  expect(jsonFault(text)).toEqual({ position, line, column, what });
});

it('gives up on a text that is nested without end, and says so', () => {
  expect(jsonFault('['.repeat(200_000))).toEqual({
    position: 0,
    line: 1,
    column: 1,
    what: 'it is nested too deeply to say what is wrong',
  });
});
