/** `kalcifer segment RULE`: checks the rule of a segment, and says of a profile whether it would be in it, and why. */
import type { Command } from 'commander';
import { emptyProfile, profileFacts } from '../../lib/engine/records/profile.ts';
import { explainRule } from '../../lib/journey/evaluate-rule.ts';
import { parseSegmentRule } from '../../lib/journey/parse-rule.ts';
import { pathText } from '../../lib/journey/schema-problems.ts';
import { readObject } from '../read-option.ts';
import { paint } from '../terminal/paint.ts';

interface SegmentOptions {
  readonly customer?: string;
}

export function addSegmentCommand(program: Command): void {
  program
    .command('segment')
    .description('Check the rule of a segment; with a profile, say whether it is in it, and why')
    .argument('<rule>', 'the rule, as JSON or as a file')
    .option('--customer <json>', 'a profile, as JSON or as a file')
    .action(judge);
}

async function judge(given: string, { customer }: SegmentOptions): Promise<void> {
  const parsed = parseSegmentRule(await readObject('the rule', given));
  if ('problems' in parsed) {
    for (const { path, message } of parsed.problems) {
      process.stderr.write(`${paint('red', 'error')} ${pathText('rule', path)} ${message}\n`);
    }
    process.exitCode = 1;
    return;
  }
  if (customer === undefined) {
    process.stdout.write(`${paint('green', 'ok')} the rule can be used\n`);
    return;
  }
  const profile = await readObject('--customer', customer);
  const id = typeof profile.id === 'string' ? profile.id : 'preview';
  const facts = { customer: profileFacts(id, { ...emptyProfile, ...profile }) };
  const { holds, because } = explainRule(parsed.rule, facts);
  const verdict = holds ? paint('green', 'in') : paint('yellow', 'not in');
  process.stdout.write(`${verdict} the segment: ${because}\n`);
}
