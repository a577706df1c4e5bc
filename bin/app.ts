/** The CDK app: `npx cdk deploy`. What it may be given by `-c name=value` is told in `lib/cdk/app-context.ts`. */
import { App } from 'aws-cdk-lib';
import { addDeploymentStacks } from '../lib/cdk/deployment-stacks.ts';
import { isKalciferError } from '../lib/kalcifer-error.ts';
import { addRulePacks } from './rule-packs.ts';

const app = new App();
addRulePacks(app);
try {
  addDeploymentStacks(app);
} catch (error) {
  if (!isKalciferError(error)) throw error;
  console.error(error.message);
  process.exit(1);
}
