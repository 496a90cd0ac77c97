import { readSettings } from '../../functions/environment.ts';
import { ENV, FUNCTIONS, OUTPUTS } from '../../lib/config/env-names.ts';
import { deployerOf, functionOf } from './synthesized.ts';

const template = deployerOf('everything');

/** What a reference becomes when the stack is deployed. */
const DEPLOYED: Readonly<Record<string, string>> = {
  'AWS::AccountId': '123456789012',
  'AWS::Region': 'eu-central-1',
  'AWS::Partition': 'aws',
  StateTable: 'driftless-State-1ABC',
  BlobsBucket: 'driftless-blobs-1abc',
  NotificationsTopic: 'arn:aws:sns:eu-central-1:111111111111:driftless-Topic-1ABC',
  SecretsWebhook: 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:driftless/webhooks-1aBcDe',
};

function deployed(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref: reference, 'Fn::Join': join } = value as { Ref?: string; 'Fn::Join'?: [string, unknown[]] };
  if (join !== undefined) return join[1].map(deployed).join(join[0]);
  const found = Object.entries(DEPLOYED).find(([name]) => reference?.startsWith(name));
  if (found === undefined) throw new Error(`${JSON.stringify(value)} has no value here`);
  return found[1];
}

function environmentOf(name: string): Readonly<Record<string, string>> {
  const { Variables = {} } = (functionOf(template.Resources, name)['Environment'] ?? {}) as { Variables?: object };
  return Object.fromEntries(Object.entries(Variables).map(([key, value]) => [key, deployed(value)]));
}

test.each(FUNCTIONS.map((name) => [name]))('the function %s accepts the environment that it is given', (name) => {
  expect(readSettings(name, { ...environmentOf(name), AWS_REGION: 'eu-central-1' })).toMatchObject({
    region: 'eu-central-1',
  });
});

test('a function is given settings that have a name, and nothing else', () => {
  const given = new Set(FUNCTIONS.flatMap((name) => Object.keys(environmentOf(name))));
  expect([...given].sort()).toEqual(Object.values(ENV).sort());
});

test('the outputs tell how to connect a forge', () => {
  expect(Object.keys(template.Outputs)).toEqual(expect.arrayContaining(Object.values(OUTPUTS)));
});
