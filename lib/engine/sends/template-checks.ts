/** Checks a template before it is kept: every problem at once, each with its place, its line and a hint. */
import type { Problem } from '../../kalcifer-error.ts';
import {
  channelRules,
  isMessageChannel,
  messageChannels,
  subjectCharactersMax,
} from '../../nodes/messages/channel-rules.ts';
import { templateProblems } from '../../nodes/templates/template.ts';
import { templateHint } from '../../nodes/templates/template-hint.ts';

/** Characters of a body before it is rendered. */
const bodyCharactersMax = 200_000;

export function checkTemplate(template: {
  readonly channel?: string;
  readonly subject?: string;
  readonly body: string;
}): readonly Problem[] {
  const { channel, subject, body } = template;
  return [
    ...channelProblems(channel, subject),
    ...(subject === undefined ? [] : textProblems('subject', subject, subjectCharactersMax)),
    ...textProblems('body', body, bodyCharactersMax),
  ];
}

function channelProblems(
  channel: string | undefined,
  subject: string | undefined,
): readonly Problem[] {
  if (channel === undefined) return [];
  if (!isMessageChannel(channel)) {
    const hint = `There are: ${messageChannels.join(', ')}; without one, any may use it.`;
    return [problem('channel', `the channel "${channel}" is unknown`, hint)];
  }
  const { messages, hasSubject } = channelRules[channel];
  if (subject !== undefined && !hasSubject) {
    return [problem('subject', `${messages} have no subject`, 'Remove it.')];
  }
  return channel === 'email' && subject === undefined
    ? [problem('subject', 'the subject is missing', 'Mail needs one.')]
    : [];
}

function textProblems(path: string, text: string, charactersMax: number): readonly Problem[] {
  if (text.trim() === '') return [problem(path, `the ${path} is empty`)];
  if (text.length > charactersMax) {
    return [problem(path, `the ${path} is longer than ${charactersMax} characters`)];
  }
  return templateProblems(text).map((message) =>
    problem(path, `the ${path} ${message}`, templateHint(message)),
  );
}

function problem(path: string, message: string, hint?: string): Problem {
  return { code: 'template.text', path, message, ...(hint === undefined ? {} : { hint }) };
}
