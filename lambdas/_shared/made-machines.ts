/** For the API: a journey that is published through it gets a state machine of its own, made on the spot. */
import { stepFunctionsMachines } from '../../lib/adapters/aws/step-functions-machines.ts';
import type { Part } from './engine.ts';
import { readSetting } from './read-setting.ts';

export const madeMachines: Part = () => ({
  machines: stepFunctionsMachines({
    prefix: readSetting('machinePrefix'),
    roleArn: readSetting('machineRole'),
    functionArns: JSON.parse(readSetting('nodeFunctions')) as Readonly<Record<string, string>>,
  }),
});
