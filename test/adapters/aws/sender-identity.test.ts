import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import { senderIdentity } from '../../../lib/adapters/aws/sender-identity.ts';

it('asks SES to verify the address', async () => {
  const aws = mockClient(SESClient);
  aws.on(VerifyEmailIdentityCommand).resolves({});
  await senderIdentity().verify('ada@example.com');
  expect(aws.commandCalls(VerifyEmailIdentityCommand)[0]?.args[0].input).toEqual({
    EmailAddress: 'ada@example.com',
  });
});
