/** The commands to try next, ready to paste. */
import { paint } from '../terminal/paint.ts';

export interface NextSteps {
  readonly url: string;
  /** Present right after it was created. */
  readonly key?: string;
  /** The instance of the walk. */
  readonly instance?: string;
}

export function tellNextSteps(
  say: (line?: string) => void,
  { url, key, instance }: NextSteps,
): void {
  const shown = key ?? '$KALCIFER_KEY';
  say(paint('bold', 'Try next, in another terminal:'));
  say();
  if (key === undefined) {
    say(
      paint(
        'dim',
        '  # your API key was shown at the first start; lost it? npm start -- --new-key',
      ),
    );
  }
  say(paint('dim', '  # give a customer an address, and let them sign up'));
  say(
    curl(
      shown,
      `-X PUT ${url}/v1/customers/grace -d '{"email":"grace@example.com","name":"Grace"}'`,
    ),
  );
  say(curl(shown, `${url}/v1/events -d '{"customer_id":"grace","type":"signed_up"}'`));
  say(paint('dim', '  # where is she now, and why?'));
  say(curl(shown, `${url}/v1/customers/grace/instances`));
  if (instance !== undefined) {
    say(paint('dim', '  # the timeline of the walk above'));
    say(curl(shown, `${url}/v1/instances/${instance}/timeline`));
  }
  say(paint('dim', '  # she opens the mail, three days early: the goal is reached'));
  say(curl(shown, `${url}/v1/events -d '{"customer_id":"grace","type":"email_opened"}'`));
  say(paint('dim', '  # the mails that would have been sent'));
  say(curl(shown, `${url}/v1/outbox`));
  say();
  say('Waiting for events; Ctrl-C stops.');
}

function curl(key: string, rest: string): string {
  return `  curl -s -H "x-api-key: ${key}" -H "content-type: application/json" ${rest}`;
}
