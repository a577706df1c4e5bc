/** Turns the texts of a message into what a customer receives on one channel, within what that channel can carry. */
import { channelRules, subjectCharactersMax, type MessageChannel } from './channel-rules.ts';
import type { Facts } from '../node-type.ts';
import { renderText, type Rendered } from '../templates/template.ts';

/** The Liquid texts of a message. */
export interface MessageSource {
  readonly subject?: string;
  readonly body: string;
}

export type RenderedMessage =
  | {
      readonly subject?: string;
      readonly body: string;
      /** Paths that were put out but are not set, each once. */
      readonly missing: readonly string[];
    }
  /** Why there is no message: a code, and words for people. */
  | { readonly code: 'template.failed' | 'message.too_large'; readonly problem: string };

/** `{ body: "Hi {{ customer.name }}" }` -> `{ body: "Hi Ada", missing: [] }`. A subject is dropped where the channel has none. */
export function renderMessage(
  channel: MessageChannel,
  source: MessageSource,
  { facts, now }: { readonly facts: Facts; readonly now: number },
): RenderedMessage {
  const { hasSubject, bodyIsHtml, bodyCharactersMax } = channelRules[channel];
  const subject =
    hasSubject && source.subject !== undefined
      ? renderText(source.subject, { facts, now, escapeHtml: false })
      : undefined;
  const body = renderText(source.body, { facts, now, escapeHtml: bodyIsHtml });
  const texts = {
    subject: within(subjectCharactersMax, 'subject', subject ?? nothing),
    body: within(bodyCharactersMax, 'body', body),
  };
  if ('code' in texts.subject) return texts.subject;
  if ('code' in texts.body) return texts.body;
  return {
    ...(subject === undefined ? {} : { subject: oneLine(texts.subject.text) }),
    body: texts.body.text,
    missing: [...new Set([...texts.subject.missing, ...texts.body.missing])],
  };
}

const nothing: Rendered = { text: '', missing: [] };

type Text = Exclude<Rendered, { problem: string }>;

function within(
  charactersMax: number,
  part: string,
  rendered: Rendered,
): Text | Extract<RenderedMessage, { problem: string }> {
  if ('problem' in rendered) {
    return { code: 'template.failed', problem: `the ${part} ${rendered.problem}` };
  }
  const { length } = rendered.text;
  if (length <= charactersMax) return rendered;
  return {
    code: 'message.too_large',
    problem: `the rendered ${part} has ${length} characters, and this channel takes ${charactersMax}`,
  };
}

/** A line break in a fact must not become a header of its own. */
function oneLine(subject: string): string {
  return subject.replace(/\s*[\r\n\p{Cc}]+\s*/gu, ' ').trim();
}
