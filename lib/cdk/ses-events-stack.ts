/**
 * Opens, clicks, bounces and complaints come back as events. SES reports to the default bus only, so a rule there brings what carries
 * our tags into the event queue of the core stack. Emulators have no such reports, which is why this is a stack of its own.
 */
import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnRule, EventBus } from 'aws-cdk-lib/aws-events';
import {
  ConfigurationSetEventDestination,
  EmailSendingEvent,
  EventDestination,
  type IConfigurationSet,
} from 'aws-cdk-lib/aws-ses';
import type { Construct } from 'constructs';
import { mailTag } from '../mail-tags.ts';
import type { Kalcifer } from './kalcifer.ts';
import { deploymentName, mailEventsRule } from './physical-names.ts';

export interface SesEventsStackProps extends StackProps {
  readonly kalcifer: Kalcifer;
  /** What the core stack sends mails with. */
  readonly mailReports: IConfigurationSet;
}

export class SesEventsStack extends Stack {
  constructor(scope: Construct, props: SesEventsStackProps) {
    const { kalcifer, mailReports, ...rest } = props;
    super(scope, `${deploymentName(kalcifer.stage)}-ses-events`, {
      description: `Kalcifer, events of mails: stage ${kalcifer.stage}`,
      ...rest,
    });
    this.addStackDependency(Stack.of(kalcifer));
    new ConfigurationSetEventDestination(this, 'Reports', {
      configurationSet: mailReports,
      configurationSetEventDestinationName: 'default-bus',
      destination: EventDestination.eventBus(EventBus.fromEventBusName(this, 'Default', 'default')),
      // That a mail was sent, the call that sent it has said itself.
      events: [
        EmailSendingEvent.DELIVERY,
        EmailSendingEvent.BOUNCE,
        EmailSendingEvent.COMPLAINT,
        EmailSendingEvent.REJECT,
        EmailSendingEvent.OPEN,
        EmailSendingEvent.CLICK,
      ],
    });
    const { queue, putAside } = kalcifer.events;
    // Its name is what the policies of the two queues go by: the core stack is there before this rule.
    new CfnRule(this, 'OurMails', {
      name: mailEventsRule(kalcifer.stage),
      description: 'What SES reports of mails that carry our tags',
      eventPattern: {
        source: ['aws.ses'],
        detail: {
          mail: {
            tags: {
              // Every stage of the account hears of the mails of every other: whose they are, the configuration set tells.
              'ses:configuration-set': [mailReports.configurationSetName],
              [mailTag.tenant]: [{ exists: true }],
            },
          },
        },
      },
      targets: [
        {
          id: 'EventQueue',
          arn: queue.queueArn,
          deadLetterConfig: { arn: putAside.queueArn },
          retryPolicy: {
            maximumEventAgeInSeconds: Duration.hours(24).toSeconds(),
            maximumRetryAttempts: 185,
          },
        },
      ],
    });
  }
}
