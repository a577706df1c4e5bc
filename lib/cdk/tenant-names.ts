/** Names of the tenants of a deployment: each names an API key, a usage plan, and an output of the stack. */
import { Token } from 'aws-cdk-lib';
import { KalciferError } from '../kalcifer-error.ts';
import { apiKeyOutput } from './physical-names.ts';

/** What is wrong with the first that is wrong. */
export function tenantsFault(tenants: readonly string[]): string | undefined {
  if (tenants.length === 0) return 'there is none';
  const bad = tenants.find((tenant) => !form.test(tenant));
  if (bad !== undefined) return `"${readable(bad)}" is not ${formInWords}`;
  const twice = tenants.find((tenant, place) => tenants.indexOf(tenant) !== place);
  return twice === undefined ? undefined : `"${twice}" is there twice`;
}

/** @throws KalciferError `deployment.tenants` */
export function checkTenants(tenants: readonly string[]): void {
  const fault = tenantsFault(tenants);
  if (fault !== undefined) throw new KalciferError('deployment.tenants', `Tenants: ${fault}.`);
}

/** CloudFormation takes only letters and digits in the name of an output: `shop-1` and `shop1` would have the same. */
export function sharedOutput(tenants: readonly string[]): string | undefined {
  const outputs = tenants.map(apiKeyOutput);
  for (const [place, tenant] of tenants.entries()) {
    const first = tenants[outputs.indexOf(outputs[place] ?? '')];
    if (first !== tenant) return `"${first}" and "${tenant}" differ in nothing but hyphens`;
  }
  return undefined;
}

const form = /^[a-z0-9][a-z0-9-]{0,62}$/;
const formInWords = '1 to 63 lower-case letters, digits and hyphens';

/** Known only when the stack is deployed, and so cannot name anything. */
function readable(tenant: string): string {
  return Token.isUnresolved(tenant) ? 'a token' : tenant;
}
