/**
 * Directories: the boundaries of all further chunks of large partitions, in the latest state, so that the chunk of an entry is found
 * without asking the data file. They can be read again at any time; a bounded number is kept.
 */
import type { ByteString } from '../byte-string.ts';

export interface Directories {
  /** The highest boundary at or below the sort key. */
  floor(partition: ByteString, sort: ByteString): ByteString | undefined;
  /** The chunk with this boundary was written or removed. */
  note(partition: ByteString, boundary: ByteString, isThere: boolean): void;
  /** The directory may be wrong. */
  drop(partition: ByteString): void;
}

/** Large partitions whose directory is kept. */
const keptMax = 256;

/** `read` answers the boundaries that are there, in order. */
export function createDirectories(read: (partition: ByteString) => ByteString[]): Directories {
  const directories = new Map<ByteString, ByteString[]>();

  function directoryOf(partition: ByteString): readonly ByteString[] {
    const known = directories.get(partition);
    if (known !== undefined) return known;
    const [oldest] = directories.keys();
    if (oldest !== undefined && directories.size >= keptMax) directories.delete(oldest);
    const directory = read(partition);
    directories.set(partition, directory);
    return directory;
  }

  return {
    floor(partition, sort) {
      const directory = directoryOf(partition);
      const at = placeOf(directory, sort);
      return directory[at] === sort ? sort : directory[at - 1];
    },

    note(partition, boundary, isThere) {
      const directory = directories.get(partition);
      if (directory === undefined) return;
      const at = placeOf(directory, boundary);
      const wasThere = directory[at] === boundary;
      if (isThere && !wasThere) directory.splice(at, 0, boundary);
      if (!isThere && wasThere) directory.splice(at, 1);
    },

    drop(partition) {
      directories.delete(partition);
    },
  };
}

/** The first place whose entry is not below the wanted one; the length of the list when there is none. */
function placeOf(sorted: readonly ByteString[], wanted: ByteString): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as ByteString) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
