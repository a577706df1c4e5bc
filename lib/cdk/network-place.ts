/** Where in a VPC a function stands, to reach what cannot be reached from outside. */
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';

export interface NetworkPlace {
  readonly vpc: IVpc;
  /** @default - the private subnets */
  readonly vpcSubnets?: SubnetSelection;
  /** @default - one of its own, which may call anything outside */
  readonly securityGroups?: ISecurityGroup[];
}
