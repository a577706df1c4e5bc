import { afterEach, describe } from 'vitest';
import { createTestkit } from '../../lib/testkit/testkit.ts';
import type { Harness } from './harness.ts';
import { fullPath } from './scenarios/s01-full-path.ts';
import { timeoutPath } from './scenarios/s02-timeout.ts';
import { tenantIsolation } from './scenarios/s03-tenants.ts';
import { hundredEvents } from './scenarios/s04-hundred-events.ts';
import { entryRules } from './scenarios/s05-entry.ts';
import { exitInAFork } from './scenarios/s06-exit-in-a-fork.ts';
import { pauseAndResume } from './scenarios/s17-pause.ts';
import { independentSplits } from './scenarios/s19-ab-split.ts';

describe('acceptance scenarios on the embedded runtime', () => {
  const opened: Harness[] = [];
  const open = async (): Promise<Harness> => {
    const kit = await createTestkit();
    opened.push(kit);
    return kit;
  };
  afterEach(async () => {
    for (const kit of opened.splice(0)) await kit.close();
  });

  fullPath(open);
  timeoutPath(open);
  tenantIsolation(open);
  hundredEvents(open);
  entryRules(open);
  exitInAFork(open);
  pauseAndResume(open);
  independentSplits(open, 10_000);
});
