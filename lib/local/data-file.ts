/**
 * Looks at LMDB's data file before LMDB does: a file that was cut off, overwritten or is of another kind would end the process
 * without a word. It reads both heads of the file, the first pages of the trees below them, and whether the file is as
 * long as it says; it does not read all the data.
 */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { endianness } from 'node:os';
import {
  childrenOf,
  freePagesOf,
  isTreePage,
  noPage,
  readHead,
  readPage,
  type Head,
  type PageFile,
} from './data-pages.ts';

/** What is wrong with the file, as the end of a sentence that begins with its name; undefined when nothing is. */
export function damageOf(path: string): string | undefined {
  // LMDB's files are as its machine is: the layout below is that of all common ones.
  if (endianness() !== 'LE') return undefined;
  const handle = openSync(path, 'r');
  try {
    return examine({ handle, bytes: fstatSync(handle).size });
  } catch {
    // A length or place that leads out of its page.
    return 'is damaged: its pages contradict each other';
  } finally {
    closeSync(handle);
  }
}

/** So many pages are enough to notice that a file was overwritten, and few enough to read at every start. */
const pagesMax = 128;

function examine(file: PageFile): string | undefined {
  if (file.bytes === 0) return 'is empty';
  const first = readHead(file, 0);
  if (first === undefined) return 'is not a data file of this Kalcifer: its head is missing';
  const second = readHead(file, first.pageBytes);
  if (second === undefined) return 'is damaged: its second head is missing';
  const head = first.transaction > second.transaction ? first : second;
  return tooShort(file, head) ?? wrongPage(file, head);
}

/** Pages at the end that are free were perhaps never written; any other must be there. */
function tooShort(file: PageFile, head: Head): string | undefined {
  const pages = Math.floor(file.bytes / head.pageBytes);
  if (pages > head.lastPage) return undefined;
  const free = freePagesOf(file, head);
  for (let page = head.lastPage; page >= pages; page -= 1) {
    if (!free.has(page)) {
      const wanted = (head.lastPage + 1) * head.pageBytes;
      return `was cut off: it has ${file.bytes} bytes of ${wanted}`;
    }
  }
  return undefined;
}

/** From the roots downwards, level by level. */
function wrongPage(file: PageFile, head: Head): string | undefined {
  const queue = [head.freeRoot, head.mainRoot].filter((page) => page !== noPage);
  for (let at = 0; at < Math.min(queue.length, pagesMax); at += 1) {
    const number = queue[at] as number;
    const page = readPage(file, head, number);
    if (page === undefined || !isTreePage(page, number, head)) {
      return `is damaged: page ${number} is not what it should be`;
    }
    if (number !== head.freeRoot) queue.push(...childrenOf(page));
  }
  return undefined;
}
