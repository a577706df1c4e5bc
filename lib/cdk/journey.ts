/**
 * One compiled version of a journey: one state machine, named by journey and version. A version never changes, so deploying another
 * one leaves this resource alone, and whoever is in it goes on in it.
 */
import { Annotations, Validations } from 'aws-cdk-lib';
import { DefinitionBody, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { ChannelProps } from './channel-access.ts';
import type { Kalcifer } from './kalcifer.ts';
import { machineName } from './physical-names.ts';
import { versionFile, type VersionFile } from './version-file.ts';

export interface JourneyProps {
  /** The engine that runs it. */
  readonly kalcifer: Kalcifer;
  /**
   * What was drawn: `statemachines/<journey>/v<N>.journey.json`. The folder names the journey, the file its version, and the compiled
   * machine lies beside it as `v<N>.asl.json`.
   */
  readonly file: string;
}

export class Journey extends Construct {
  readonly journey: string;
  readonly version: number;
  readonly file: VersionFile;
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { kalcifer, file }: JourneyProps) {
    super(scope, id);
    this.file = versionFile(file);
    this.journey = this.file.journey;
    this.version = this.file.version;
    this.warnOfChannels(kalcifer.channels);
    const { machines } = kalcifer;
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: machineName(kalcifer.stage, this.file),
      stateMachineType: StateMachineType.STANDARD,
      // The very file that was reviewed, beside the template: machines would soon fill a template of 1 MB.
      definitionBody: DefinitionBody.fromFile(this.file.definitionFile),
      definitionSubstitutions: { ...machines.functions },
      // What it may do is said once for all machines.
      role: machines.role.withoutPolicyUpdates(),
      logs: {
        destination: machines.logGroup,
        level: machines.logLevel,
        includeExecutionData: false,
      },
      tracingEnabled: true,
    });
    // Step Functions looks whether the role may write the log when it makes the machine.
    this.stateMachine.node.addDependency(machines.role);
    Validations.of(this.stateMachine).acknowledge({
      id: 'AwsSolutions-SF1',
      reason:
        'A log of every step costs more than the journey; the timeline of an instance in the table tells more, for as long as the instance is kept.',
    });
  }

  /** Only a warning: the engine refuses the version, but everything can be looked at without a sender. */
  private warnOfChannels(channels: ChannelProps): void {
    for (const [type, channel] of channelTypes) {
      if (!this.file.nodeTypes.has(type) || isSetUp(channels[channel])) continue;
      Annotations.of(this).addWarningV2(
        `kalcifer:channel-${channel}`,
        `${this.journey} v${this.version} has nodes of type ${type}, and nothing is set up to send with: the deployment will refuse it. Give the engine "${channel}".`,
      );
    }
  }
}

const channelTypes: readonly (readonly [type: string, channel: keyof ChannelProps])[] = [
  ['send_email', 'mail'],
  ['send_sms', 'sms'],
  ['send_push', 'push'],
  ['send_whatsapp', 'whatsapp'],
];

function isSetUp(channel: ChannelProps[keyof ChannelProps]): boolean {
  return channel !== undefined && channel !== false;
}
