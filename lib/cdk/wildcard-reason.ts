/** Writes down why a permission names more than one thing, on the very finding that the wildcard is. */
import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** @param on the role or policy that holds the permission */
export function explainWildcard(on: IConstruct, resource: string, reason: string): void {
  const finding = flat(Stack.of(on).resolve(resource));
  Validations.of(on).acknowledge({ id: `AwsSolutions-IAM5[Resource::${finding}]`, reason });
}

/** `{ Fn::Join: ['', ['arn:', { Ref: 'AWS::Partition' }, ...]] }` -> `arn:<AWS::Partition>...`: how findings spell an ARN. */
function flat(value: unknown): string {
  if (typeof value === 'string') return value;
  const intrinsic = value as {
    readonly Ref?: string;
    readonly 'Fn::Join'?: readonly [string, readonly unknown[]];
    readonly 'Fn::GetAtt'?: readonly [string, string];
  };
  const { Ref: reference, 'Fn::Join': join, 'Fn::GetAtt': attribute } = intrinsic;
  if (reference !== undefined) return `<${reference}>`;
  if (attribute !== undefined) return `<${attribute.join('.')}>`;
  if (join !== undefined) return join[1].map(flat).join(join[0]);
  return JSON.stringify(value);
}
