import { describe, expect, it } from 'vitest';
import { keys } from '../../lib/engine/records/keys.ts';
import { idBytes, idBytesMax } from '../../lib/journey/id-size.ts';

describe('the size of an id', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['é', 2],
    ['🙂', 4],
    ['a#b', 5],
    ['100%', 6],
  ])('of %j is %d bytes', (id, bytes) => {
    expect(idBytes(id)).toBe(bytes);
  });

  it('lets three of the largest into one key', () => {
    for (const character of ['x', '#', '%', 'é', '🙂']) {
      const id = character.repeat(Math.floor(idBytesMax / idBytes(character)));
      const { pk } = keys.batchItem(id, id, id);
      expect(Buffer.byteLength(pk)).toBeLessThanOrEqual(512);
    }
  });
});
