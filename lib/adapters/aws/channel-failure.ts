/** What a failed call to a service of AWS that sends messages means for the message. */
import type { ChannelAnswer } from '../../ports/channel.ts';
import type { AwsFailure } from './aws-failure.ts';

/** What a refusal means, by the name of the error; any other is about this message, or about what we may do. */
export type RefusalVerdicts = Readonly<Record<string, Verdict>>;

export type Verdict = 'refused' | 'misconfigured' | 'transient';

/** @param service as it reads in a sentence: `SES` */
export function channelFailure(
  service: string,
  { kind, name, what }: AwsFailure,
  verdicts: RefusalVerdicts,
): ChannelAnswer {
  switch (kind) {
    case 'refused':
      return { kind: verdictOf(name, verdicts), reason: `${service} refuses it (${what})` };
    case 'busy':
      return { kind: 'transient', reason: `${service} does not take it now (${what})` };
    case 'unreached':
      return { kind: 'transient', reason: `${service} cannot be reached (${what})` };
    case 'unsent':
      return { kind: 'misconfigured', reason: `${service} cannot be called (${what})` };
    case 'broken':
      return { kind: 'unknown', reason: `${service} broke while it was being called (${what})` };
    case 'silent':
      return { kind: 'unknown', reason: `the call to ${service} broke off (${what})` };
  }
}

function verdictOf(name: string, verdicts: RefusalVerdicts): Verdict {
  if (Object.hasOwn(verdicts, name)) return verdicts[name] ?? 'refused';
  return isAboutUs(name) ? 'misconfigured' : 'refused';
}

/** Who we are and what we may do, which no other message would change. */
function isAboutUs(name: string): boolean {
  return /^(AccessDenied|Authorization|IncompleteSignature|InvalidAccessKeyId|InvalidClientTokenId|InvalidSignature|MissingAuthenticationToken|NotAuthorized|OptInRequired|SignatureDoesNotMatch|UnrecognizedClient)/.test(
    name,
  );
}
