import { clientOptions } from '../../../lib/aws/client-options.ts';
import { type FakeAws, startFakeAws } from '../../fakes/aws/fake-aws.ts';

type Client = { destroy(): void };
type Config = ReturnType<typeof clientOptions> & {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

const started: { end(): unknown }[] = [];

afterEach(async () => {
  for (const one of started.splice(0).reverse()) await one.end();
});

/** An account of its own for each test. */
export async function startAccount(): Promise<FakeAws> {
  const aws = await startFakeAws();
  started.push({ end: () => aws.stop() });
  return aws;
}

/** A client of the real SDK, set up as on AWS but for a shorter patience. */
export function clientOf<T extends Client>(Type: new (config: Config) => T, { endpoint }: FakeAws): T {
  const options = clientOptions({ requestSeconds: 0.3, attempts: 2 });
  const credentials = { accessKeyId: 'function', secretAccessKey: 'key' };
  const client = new Type({ ...options, endpoint, region: 'eu-central-1', credentials });
  started.push({ end: () => client.destroy() });
  return client;
}

/** What every adapter makes of the ways in which a call can fail for good. */
export const FAULTS = [
  ['throttled', 'AwsUnavailable', true],
  ['server error', 'AwsUnavailable', true],
  ['silence', 'AwsUnavailable', true],
  ['hang up', 'AwsUnavailable', true],
  ['denied', 'AwsAccessDenied', false],
  ['expired credentials', 'AwsAccessDenied', false],
] as const;

/** Those that the SDK's next attempt overcomes. */
export const PASSING_FAULTS = ['throttled', 'server error', 'silence', 'hang up', 'lost answer'] as const;
