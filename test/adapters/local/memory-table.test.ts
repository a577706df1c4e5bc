import { createMemoryTable } from '../../../lib/adapters/local/memory-table.ts';
import { tableContract } from '../../contract/table.contract.ts';

tableContract('the memory table', {
  open: () => Promise.resolve({ table: createMemoryTable(), close: () => Promise.resolve() }),
});
