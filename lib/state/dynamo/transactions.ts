import { randomUUID } from 'node:crypto';
import { TransactionCanceledException, TransactionInProgressException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { DriftlessError } from '../../errors.ts';
import { backOff, RACES } from './back-off.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];
type Unnamed<T> = Omit<NonNullable<T>, 'TableName'>;

/** A write, or a mere condition, of a transaction; DynamoDB's own shape without the table's name. */
export type Write =
  | { readonly Put: Unnamed<TransactItem['Put']> }
  | { readonly Update: Unnamed<TransactItem['Update']> }
  | { readonly Delete: Unnamed<TransactItem['Delete']> }
  | { readonly ConditionCheck: Unnamed<TransactItem['ConditionCheck']> };

type Target = { readonly client: DynamoDBDocumentClient; readonly tableName: string };

const PASSING = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];

/**
 * Writes all or nothing; `raced` when a condition did not hold. One token for all attempts, so that an answer that was lost on its way
 * does not make a write that happened look like a lost race.
 */
export async function transact({ client, tableName }: Target, writes: readonly Write[]): Promise<'written' | 'raced'> {
  const TransactItems = writes.map((write) => named(write, tableName));
  const command = { TransactItems, ClientRequestToken: randomUUID() };
  for (let attempt = 0; attempt < RACES; attempt += 1) {
    const result = await client.send(new TransactWriteCommand(command)).then(() => 'written' as const, failure);
    if (result !== 'conflict') return result;
    await backOff(attempt);
  }
  throw new DriftlessError('StateUnavailable', `state table "${tableName}": a write met ${RACES} others; try again`);
}

/** The SDK repeats neither a transaction that met another one nor one that was short of capacity. */
function failure(error: unknown): 'raced' | 'conflict' {
  if (error instanceof TransactionInProgressException) return 'conflict';
  if (!(error instanceof TransactionCanceledException)) throw error;
  const reasons = (error.CancellationReasons ?? []).map(({ Code = 'None' }) => Code);
  if (reasons.includes('ConditionalCheckFailed')) return 'raced';
  if (reasons.some((reason) => PASSING.includes(reason))) return 'conflict';
  throw error;
}

function named(write: Write, TableName: string): TransactItem {
  if ('Put' in write) return { Put: { ...write.Put, TableName } };
  if ('Update' in write) return { Update: { ...write.Update, TableName } };
  if ('Delete' in write) return { Delete: { ...write.Delete, TableName } };
  return { ConditionCheck: { ...write.ConditionCheck, TableName } };
}
