import { expect, it } from 'vitest';
import { journeyAfter, type JourneyStatus } from '../../lib/journey/journey-lifecycle.ts';

it.each<[JourneyStatus, (string | undefined)[]]>([
  ['draft', [undefined, undefined, undefined, 'deleted']],
  ['active', ['paused', undefined, 'archived', undefined]],
  ['paused', [undefined, 'active', 'archived', undefined]],
  ['archived', [undefined, undefined, undefined, undefined]],
])('a journey that is %s can be paused, resumed, archived, deleted to: %j', (status, expected) => {
  const commands = ['pause', 'resume', 'archive', 'delete'] as const;
  expect(commands.map((command) => journeyAfter(status, command))).toEqual(expected);
});
