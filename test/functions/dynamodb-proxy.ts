import { type AwsServer, startAwsServer } from '../fakes/aws/aws-server.ts';
import type { AwsAnswer, AwsCall } from '../fakes/aws/wire.ts';

const OPERATIONS = [
  'GetItem',
  'BatchGetItem',
  'Query',
  'TransactWriteItems',
  'BatchWriteItem',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
];

/** Stands in front of an emulator, so that calls, by their names such as `GetItem`, can fail. */
export async function startDynamoDbProxy(emulator: string): Promise<AwsServer> {
  const forward = async ({ headers, input }: AwsCall): Promise<AwsAnswer> => {
    const signed = Object.entries(headers).filter(([name]) => /^(x-amz-|authorization$|content-type$)/.test(name));
    const reply = await fetch(emulator, {
      method: 'POST',
      headers: signed.map(([name, value]): [string, string] => [name, String(value)]),
      body: JSON.stringify(input),
    });
    return { payload: await reply.text(), status: reply.status };
  };
  const target = (operation: string) => `DynamoDB_20120810.${operation}`;
  const server = await startAwsServer(Object.fromEntries(OPERATIONS.map((name) => [target(name), forward])));
  return { ...server, fail: (operation, ...rest) => server.fail(target(operation), ...rest) };
}
