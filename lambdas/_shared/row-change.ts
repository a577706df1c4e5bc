/** Changes of rows as the stream of the table tells them. This is a composition root: it knows how the adapter stores items. */
import { fromStoredItem } from '../../lib/adapters/aws/dynamodb/stored-item.ts';
import type { RowChange } from '../../lib/engine/history/row-change.ts';
import type { Item } from '../../lib/ports/table.ts';

type Image = Readonly<Record<string, unknown>> | undefined;

/** Undefined when it cannot be read: it was written by nobody who writes this table. */
export function rowChangeOf(images: {
  readonly OldImage?: Image;
  readonly NewImage?: Image;
}): RowChange | undefined {
  try {
    const [before, after] = [itemOf(images.OldImage), itemOf(images.NewImage)];
    return {
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    };
  } catch {
    return undefined;
  }
}

function itemOf(image: Image): Item | undefined {
  if (image === undefined) return undefined;
  const item = fromStoredItem(image as Parameters<typeof fromStoredItem>[0]);
  if (typeof item.pk === 'string' && typeof item.sk === 'string') return item;
  throw new TypeError('An item has a key.');
}
