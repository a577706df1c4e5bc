/** Reads the items that the table's stream hands to functions: as the table keeps them, but with bytes as base64. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { isJsonObject, type Json } from '../../json.ts';
import { KalciferError } from '../../kalcifer-error.ts';
import type { Item } from '../../ports/table.ts';
import { fromStoredItem } from './dynamodb/stored-item.ts';

/**
 * @param image `NewImage` or `OldImage` of a record
 * @returns undefined when there is none: nothing is there any more, or nothing was there before
 * @throws KalciferError `table.image` for anything that a stream of the table would not hold
 */
export function itemOfImage(image: Json | undefined): Item | undefined {
  if (image === undefined) return undefined;
  const item = read(image);
  if (typeof item.pk !== 'string' || typeof item.sk !== 'string') throw notOurs();
  return item;
}

function read(image: Json): Item {
  if (!isJsonObject(image)) throw notOurs();
  try {
    return fromStoredItem(image as unknown as Record<string, AttributeValue>);
  } catch (error) {
    throw notOurs(error);
  }
}

function notOurs(cause?: unknown): KalciferError {
  return new KalciferError('table.image', 'This is no item of the table.', { cause });
}
