/**
 * The layout of LMDB's data file, as far as it takes to see that it is sound: data version 2 of LMDB 0.9.90, as the package `lmdb`
 * writes it on 64-bit little-endian machines (source: `MDB_meta`, `MDB_page` and `MDB_node` in its mdb.c).
 */
import { readSync } from 'node:fs';

export interface PageFile {
  readonly handle: number;
  readonly bytes: number;
}

/** The state of the file after one transaction. There are two, which take turns. */
export interface Head {
  readonly pageBytes: number;
  readonly transaction: number;
  readonly lastPage: number;
  /** Root of the list of free pages. */
  readonly freeRoot: number;
  /** Root of the tree that names the trees. */
  readonly mainRoot: number;
}

/** In place of a root: the tree is empty. */
export const noPage = Number(0xffff_ffff_ffff_ffffn);

const magic = 0xbe_ef_c0_de;
const dataVersion = 2;
const headerBytes = 24;
const headBytes = 160;
const headFlag = 0x08;
const branchFlag = 0x01;
const leafFlag = 0x02;
const treeFlags = branchFlag | leafFlag;
const nodeHeaderBytes = 8;
/** Of a node: its data is on pages of its own. */
const overflowFlag = 0x01;
/** Of a node: its data describes a tree. */
const treeFlag = 0x02;
const rootAt = 40;

/** Undefined when there is no head of this kind here. */
export function readHead(file: PageFile, position: number): Head | undefined {
  const bytes = readBytes(file, position, headBytes);
  if (bytes === undefined) return undefined;
  const head = bytes.subarray(headerBytes);
  const pageBytes = head.readUInt32LE(24);
  const isHead =
    (bytes.readUInt16LE(18) & headFlag) !== 0 &&
    head.readUInt32LE(0) === magic &&
    (head.readUInt32LE(4) & 0xffff) === dataVersion &&
    pageBytes >= 512 &&
    Number.isInteger(Math.log2(pageBytes));
  if (!isHead) return undefined;
  return {
    pageBytes,
    freeRoot: readNumber(head, 24 + rootAt),
    mainRoot: readNumber(head, 72 + rootAt),
    lastPage: readNumber(head, 120),
    transaction: readNumber(head, 128),
  };
}

export function readPage(file: PageFile, head: Head, page: number): Buffer | undefined {
  return readBytes(file, page * head.pageBytes, head.pageBytes);
}

/** Whether the page says of itself that it is this page of a tree. */
export function isTreePage(page: Buffer, number: number, head: Head): boolean {
  const kind = page.readUInt16LE(18) & treeFlags;
  const [lower, upper] = [page.readUInt16LE(20), page.readUInt16LE(22)];
  return (
    readNumber(page, 0) === number &&
    readNumber(page, 8) <= head.transaction &&
    (kind === branchFlag || kind === leafFlag) &&
    lower <= upper &&
    upper <= head.pageBytes - headerBytes
  );
}

/** The pages below a branch; the roots of the trees that a leaf of the main tree names. */
export function childrenOf(page: Buffer): number[] {
  const isBranch = (page.readUInt16LE(18) & branchFlag) !== 0;
  if (isBranch) return nodesOf(page).map((node) => branchTarget(page, node));
  return nodesOf(page)
    .filter((node) => (page.readUInt16LE(node + 4) & treeFlag) !== 0)
    .map((node) => readNumber(page, dataAt(page, node) + rootAt))
    .filter((root) => root !== noPage);
}

/** Every page on the list of free pages. */
export function freePagesOf(file: PageFile, head: Head): Set<number> {
  const free = new Set<number>();
  const queue = head.freeRoot === noPage ? [] : [head.freeRoot];
  for (const number of queue) {
    const page = readPage(file, head, number);
    if (page === undefined || !isTreePage(page, number, head)) break;
    if ((page.readUInt16LE(18) & branchFlag) !== 0) queue.push(...childrenOf(page));
    else for (const node of nodesOf(page)) addFreePages(free, dataOf(file, head, page, node));
  }
  return free;
}

/** A list begins with its length; a negative entry says how many pages begin at the next one. */
function addFreePages(free: Set<number>, list: Buffer): void {
  const length = readNumber(list, 0);
  for (let at = 1; at <= length; at += 1) {
    const entry = Number(list.readBigInt64LE(8 * at));
    const isRun = entry < 0;
    if (isRun) at += 1;
    const first = isRun ? readNumber(list, 8 * at) : entry;
    for (let page = first; page < first + (isRun ? -entry : 1); page += 1) free.add(page);
  }
}

/** Places of the nodes in the page. */
function nodesOf(page: Buffer): number[] {
  const count = page.readUInt16LE(20) >> 1;
  return Array.from(
    { length: count },
    (_, n) => page.readUInt16LE(headerBytes + 2 * n) + headerBytes,
  );
}

function branchTarget(page: Buffer, node: number): number {
  const low = page.readUInt16LE(node) + page.readUInt16LE(node + 2) * 2 ** 16;
  return low + page.readUInt16LE(node + 4) * 2 ** 32;
}

function dataAt(page: Buffer, node: number): number {
  return node + nodeHeaderBytes + page.readUInt16LE(node + 6);
}

function dataOf(file: PageFile, head: Head, page: Buffer, node: number): Buffer {
  const start = dataAt(page, node);
  const length = page.readUInt16LE(node) + page.readUInt16LE(node + 2) * 2 ** 16;
  if ((page.readUInt16LE(node + 4) & overflowFlag) === 0)
    return page.subarray(start, start + length);
  const place = readNumber(page, start) * head.pageBytes + headerBytes;
  return readBytes(file, place, length) ?? Buffer.alloc(0);
}

function readBytes(
  { handle, bytes }: PageFile,
  position: number,
  length: number,
): Buffer | undefined {
  if (position + length > bytes) return undefined;
  const buffer = Buffer.alloc(length);
  return readSync(handle, buffer, 0, length, position) === length ? buffer : undefined;
}

function readNumber(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}
