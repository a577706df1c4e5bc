/**
 * The chunks used lately, as they are on disk: one instance is read and written many times within moments. Bounded by keeping two
 * generations and dropping the older one whole.
 */
import type { ByteString } from '../byte-string.ts';
import type { Chunk } from './chunk.ts';

export interface RecentChunks {
  get(key: ByteString): Chunk | undefined;
  keep(key: ByteString, chunk: Chunk): void;
  drop(key: ByteString): void;
}

/** Chunks per generation; at up to 2 KB each, both take a few megabytes at most. */
const generationMax = 2_048;
/** A chunk this large holds one big item; it is not worth the memory. */
const keptBytesMax = 4_096;

export function createRecentChunks(): RecentChunks {
  let young = new Map<ByteString, Chunk>();
  let old = new Map<ByteString, Chunk>();
  return {
    get: (key) => young.get(key) ?? old.get(key),
    keep(key, chunk) {
      if (chunk.length > keptBytesMax) return;
      if (young.size >= generationMax) {
        old = young;
        young = new Map();
      }
      young.set(key, chunk);
    },
    drop(key) {
      young.delete(key);
      old.delete(key);
    },
  };
}
