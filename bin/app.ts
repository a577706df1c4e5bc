/** The CDK app: `npx cdk deploy`. What it is given by `-c name=value` is told in `lib/cdk/app-context.ts`. */
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { addDeploymentStacks } from '../lib/cdk/deployment-stacks.ts';
import { isKalciferError } from '../lib/kalcifer-error.ts';

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
try {
  addDeploymentStacks(app);
} catch (error) {
  if (!isKalciferError(error)) throw error;
  console.error(error.message);
  process.exit(1);
}
