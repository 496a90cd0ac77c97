import type { Operation } from '../../lib/model/operation.ts';
import { type Harness, startHarness, TEST_MS } from './harness.ts';
import type { AppUnderTest } from './harness-app.ts';
import { configMap, deployment, service, yaml } from './harness-manifests.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
}, TEST_MS);

afterAll(() => harness.stop(), TEST_MS);

test(
  'one',
  async () => {
    const app = await harness.app({ 'a.yaml': yaml(configMap('a'), service('web'), deployment('web')) });
    const operation = await app.settled();
    expect([
      operation,
      await app.changes(operation),
      await app.inventory(),
      await app.history(),
      harness.api.requests(),
      harness.log,
    ]).toEqual({});
  },
  TEST_MS,
);
