/** `condition`: the customer leaves by `true` or `false`, as the facts have it at this moment. */
import { explainRule } from '../journey/evaluate-rule.ts';
import { rootsOf, type Rule } from '../journey/rule.ts';
import { ruleField } from '../journey/schema-field.ts';
import { needsOf } from './needs-of.ts';
import { nodeType } from './node-type.ts';

/** `{ "field": "customer.properties.plan", "value": "pro" }`, `{ "any": [...] }` */
export const condition = nodeType<Rule>({
  type: 'condition',
  category: 'logic',
  set: 'core',
  summary: 'Splits customers by what is known about them.',
  config: ruleField,
  branches: () => ['true', 'false'],
  needs: (rule) => needsOf(rootsOf(rule)),
  run: (rule, { facts }) => {
    const { holds, because } = explainRule(rule, facts);
    const branch = holds ? 'true' : 'false';
    return {
      kind: 'branched',
      branch,
      result: { branch },
      notes: [`${because}, so ${branch}`],
    };
  },
});
