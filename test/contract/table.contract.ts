/**
 * What every table keeps, whatever it is made of: the numbered guarantees of `lib/ports/table.ts`. Nothing here depends on where a
 * table lives, how long it takes, or when the index follows.
 */
import { describe } from 'vitest';
import { describeConditions } from './table-conditions.contract.ts';
import { describeIndex } from './table-index.contract.ts';
import { describeItems } from './table-items.contract.ts';
import { describeMisuse } from './table-misuse.contract.ts';
import { describeModel } from './table-model.contract.ts';
import { describePages } from './table-pages.contract.ts';
import { describeRaces } from './table-races.contract.ts';
import type { TableSubject } from './table-subject.ts';

export function tableContract(adapter: string, subject: TableSubject): void {
  describe(`the table contract, kept by ${adapter}`, () => {
    describeItems(subject);
    describePages(subject);
    describeIndex(subject);
    describeConditions(subject);
    describeRaces(subject);
    describeMisuse(subject);
    describeModel(subject);
  });
}
