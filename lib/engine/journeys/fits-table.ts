/** Says in the operator's words that a graph is too large for a row of the table. */
import { isKalciferError, KalciferError } from '../../kalcifer-error.ts';

/**
 * What a row may take differs between tables, and how far a graph can be packed nobody knows beforehand, so the table is asked. The
 * groups that keep graphs are never wrong in another way: what else they hold has its limits (G12).
 *
 * @throws KalciferError `journey.too_large`
 */
export async function fitsTable<Answer>(
  journey: string,
  write: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await write();
  } catch (error) {
    if (!isKalciferError(error, 'table.misuse')) throw error;
    throw new KalciferError(
      'journey.too_large',
      `The graph of journey "${journey}" is too large to be kept. What takes most room are texts and pictures in messages: keep them as templates, or on the web.`,
      { cause: error },
    );
  }
}
