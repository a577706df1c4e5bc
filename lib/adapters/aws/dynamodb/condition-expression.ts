/** A condition of the port in DynamoDB's language. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Condition } from '../../../ports/table.ts';
import { tableShape } from '../../../table-shape.ts';
import { digestField, packedDigest } from './packed-value.ts';
import { toStoredName, toStoredValue } from './stored-value.ts';

/** The fields of a request that hold its condition. A write that is refused tells the stored item. */
export interface RequestCondition extends ConditionExpression {
  readonly ReturnValuesOnConditionCheckFailure: 'ALL_OLD';
}

interface ConditionExpression {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

export function requestCondition(condition: Condition): RequestCondition {
  return { ...conditionExpression(condition), ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
}

function conditionExpression(condition: Condition): ConditionExpression {
  if (condition === 'absent')
    return { ...existence, ConditionExpression: 'attribute_not_exists(#pk)' };
  if (condition === 'present') return existence;
  if ('revision' in condition) return revisionIs(condition.revision);
  return fieldsEqual(condition.equals);
}

const existence = {
  ConditionExpression: 'attribute_exists(#pk)',
  ExpressionAttributeNames: { '#pk': tableShape.partitionKey },
} as const;

/** An item without a revision has revision 0. */
function revisionIs(revision: number): ConditionExpression {
  const isEqual = '#revision = :revision';
  return {
    ConditionExpression:
      revision === 0
        ? `attribute_exists(#pk) AND (attribute_not_exists(#revision) OR ${isEqual})`
        : isEqual,
    ExpressionAttributeNames: {
      '#revision': 'revision',
      ...(revision === 0 ? existence.ExpressionAttributeNames : {}),
    },
    ExpressionAttributeValues: { ':revision': toStoredValue(revision) },
  };
}

function fieldsEqual(
  equals: Readonly<Record<string, string | number | boolean>>,
): ConditionExpression {
  const parts: string[] = [];
  const names: Record<string, string> = {};
  const values: Record<string, AttributeValue> = {};
  for (const [at, [field, value]] of Object.entries(equals).entries()) {
    names[`#f${at}`] = toStoredName(field);
    values[`:v${at}`] = toStoredValue(value);
    const digest = packedDigest(value);
    if (digest === undefined) {
      parts.push(`#f${at} = :v${at}`);
      continue;
    }
    names['#digest'] = digestField;
    values[`:d${at}`] = digest;
    parts.push(`(#f${at} = :v${at} OR #f${at}.#digest = :d${at})`);
  }
  if (parts.length === 0) return existence;
  return {
    ConditionExpression: parts.join(' AND '),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}
