/** The acceptance scenarios S1 to S6, word for word those of the embedded runtime, on the deployed app. */
import { describe, inject } from 'vitest';
import { fullPath } from '../acceptance/scenarios/s01-full-path.ts';
import { timeoutPath } from '../acceptance/scenarios/s02-timeout.ts';
import { tenantIsolation } from '../acceptance/scenarios/s03-tenants.ts';
import { hundredEvents } from '../acceptance/scenarios/s04-hundred-events.ts';
import { entryRules } from '../acceptance/scenarios/s05-entry.ts';
import { exitInAFork } from '../acceptance/scenarios/s06-exit-in-a-fork.ts';
import { openAwsHarness } from './support/aws-harness.ts';

const open = () => Promise.resolve(openAwsHarness(inject('place')));

describe.concurrent('acceptance scenarios on Step Functions', () => {
  fullPath(open);
  timeoutPath(open);
  tenantIsolation(open);
  hundredEvents(open);
  entryRules(open, { wait: '2s' });
  exitInAFork(open);
});
