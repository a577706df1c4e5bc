/** The core of a deployment: engine and journeys in one stack, which deploys to AWS and to any emulator of it. */
import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { ConfigurationSet } from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { AppContext } from './app-context.ts';
import type { ClickHouseProps } from './history-pipe.ts';
import { Journeys } from './journeys.ts';
import { Kalcifer, type ChannelProps } from './kalcifer.ts';
import { apiKeyOutput, deploymentName, mailEventsRule } from './physical-names.ts';

export interface CoreStackProps {
  readonly context: AppContext;
  /** Holds `<journey>/v<N>.journey.json` and what each was compiled to. */
  readonly journeys: string;
  /** Holds message templates. */
  readonly templates: string;
}

/** The stage that is thrown away with its stack. */
const throwawayStage = 'dev';

export class CoreStack extends Stack {
  readonly kalcifer: Kalcifer;
  /** Present where mails are reported by events. */
  readonly mailReports?: ConfigurationSet;

  constructor(scope: Construct, { context, journeys, templates }: CoreStackProps) {
    const { stage, alarmTopic } = context;
    const isProtected = stage !== throwawayStage;
    super(scope, deploymentName(stage), {
      description: `Kalcifer, customer journeys: stage ${stage}`,
      terminationProtection: isProtected,
    });
    if (context.sesEvents) {
      // Mails name it, so it is here, before the first is sent; what SES reports by it, another stack brings.
      this.mailReports = new ConfigurationSet(this, 'MailReports', {
        configurationSetName: deploymentName(stage),
      });
    }
    const clickhouse = this.clickhouseOf(context);
    this.kalcifer = new Kalcifer(this, 'Kalcifer', {
      stage,
      ...this.channelsOf(context),
      tenants: context.tenants.map((name) => ({ name })),
      removalPolicy: isProtected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      customCode: context.customCode,
      faultInjection: context.chaos,
      emulator: context.emulator,
      ...(clickhouse === undefined ? {} : { clickhouse }),
      ...(alarmTopic === undefined
        ? {}
        : { alarmTopic: Topic.fromTopicArn(this, 'AlarmTopic', alarmTopic) }),
    });
    if (context.sesEvents) this.kalcifer.intake.allowRule(mailEventsRule(stage));
    new Journeys(this, 'Journeys', { kalcifer: this.kalcifer, folder: journeys, templates });
    this.tell();
  }

  private channelsOf(context: AppContext): ChannelProps {
    const { mailFrom, smsOrigination, smsConfigurationSet, whatsappOrigination, push } = context;
    const reports = this.mailReports;
    return {
      push,
      ...(mailFrom === undefined
        ? {}
        : {
            mail: {
              from: mailFrom,
              ...(reports === undefined ? {} : { configurationSet: reports.configurationSetName }),
            },
          }),
      ...(smsOrigination === undefined
        ? {}
        : {
            sms: {
              origination: smsOrigination,
              ...(smsConfigurationSet === undefined
                ? {}
                : { configurationSet: smsConfigurationSet }),
            },
          }),
      ...(whatsappOrigination === undefined
        ? {}
        : { whatsapp: { origination: whatsappOrigination } }),
    };
  }

  private clickhouseOf(context: AppContext): ClickHouseProps | undefined {
    const { clickhouseUrl: url, clickhouseDatabase: database, clickhouseSecret: secret } = context;
    if (url === undefined) return undefined;
    return {
      url,
      ...(database === undefined ? {} : { database }),
      ...(secret === undefined
        ? {}
        : { secret: Secret.fromSecretCompleteArn(this, 'ClickHouseSecret', secret) }),
    };
  }

  /** What a user types next. */
  private tell(): void {
    const { table, bus, api, events, entries, history } = this.kalcifer;
    const outputs: Record<string, string> = {
      TableName: table.tableName,
      BusName: bus.eventBusName,
      ApiUrl: api.restApi.url,
      EventQueueUrl: events.queue.queueUrl,
      EventDeadLetterQueueUrl: events.putAside.queueUrl,
      EntryQueueUrl: entries.queue.queueUrl,
      ...(history === undefined ? {} : { HistoryQueueUrl: history.work.queue.queueUrl }),
    };
    for (const [tenant, key] of api.keys) outputs[apiKeyOutput(tenant)] = key.keyId;
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
