/** The embedded executor keeps the contract of executions. */
import type { Json } from '../../../lib/json.ts';
import type { OpenedExecutions } from '../../contract/executions-subject.ts';
import { executionsContract } from '../../contract/executions.contract.ts';
import { createComputer, type Computer } from './computer.ts';
import { chainOf, machineOf, task, tokenTask } from './small-machines.ts';

const caught = (error: string, path: string): { [field: string]: Json } => ({
  ErrorEquals: [error],
  ResultPath: path,
  Next: 'Tell',
});

const asking = chainOf({
  Ask: tokenTask('ask', {
    TimeoutSeconds: 3,
    ResultPath: '$.answer',
    Catch: [caught('States.Timeout', '$.late'), caught('States.ALL', '$.error')],
    Next: 'Tell',
  }),
  Tell: task('tell', { End: true }),
});

executionsContract('the embedded executor', {
  open: () => {
    const computer = createComputer({ definitions: { asking } });
    const executor = computer.boot();
    const opened: OpenedExecutions = {
      executions: executor.executions,
      asking: machineOf('asking'),
      missing: machineOf('missing'),
      tokenOf: async (name) => (await tokensOf(computer, name))[0] ?? '',
      countTokens: async (name) => (await tokensOf(computer, name)).length,
      outcomeOf: async (name) => {
        await computer.settle();
        const told = computer.invoked.find(
          ({ execution, state }) => execution === name && state === 'Tell',
        );
        if (told !== undefined) return { output: told.payload };
        return computer.stored().some(({ pk }) => pk.endsWith(`#${name}`)) ? 'running' : 'stopped';
      },
      passTimeout: () => computer.pass(4_000),
      close: () => executor.close(),
    };
    return Promise.resolve(opened);
  },
});

async function tokensOf(computer: Computer, name: string): Promise<readonly string[]> {
  await computer.settle();
  return computer.invoked.flatMap(({ execution, token }) =>
    execution === name && token !== undefined ? [token] : [],
  );
}
