/** Which stacks a deployment has: decided once, by its context. */
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { packageFolder } from '../release.ts';
import { readContext } from './app-context.ts';
import { ChaosStack } from './chaos-stack.ts';
import { CoreStack } from './core-stack.ts';
import { SesEventsStack } from './ses-events-stack.ts';

/** @throws KalciferError `deployment.context`, `deployment.statemachines` */
export function addDeploymentStacks(app: App): CoreStack {
  const context = readContext(app.node);
  const core = new CoreStack(app, {
    context,
    journeys: context.statemachines ?? join(packageFolder, 'statemachines'),
    templates: context.templates ?? join(packageFolder, 'templates'),
  });
  const { kalcifer, mailReports } = core;
  if (mailReports !== undefined) new SesEventsStack(app, { kalcifer, mailReports });
  const { faults } = kalcifer;
  if (faults !== undefined) new ChaosStack(app, { kalcifer, faults });
  return core;
}
