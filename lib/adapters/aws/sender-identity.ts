/** Makes an address one that SES lets mails be sent from. On AWS its owner gets a mail to confirm it; an emulator believes at once. */
import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';

export interface SenderIdentity {
  /** Repeating is harmless. */
  verify(address: string): Promise<void>;
}

export function senderIdentity({
  client = new SESClient({}),
}: { readonly client?: SESClient } = {}): SenderIdentity {
  return {
    verify: async (address) => {
      await client.send(new VerifyEmailIdentityCommand({ EmailAddress: address }));
    },
  };
}
