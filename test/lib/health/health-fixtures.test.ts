import { readdir, readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { healthOf } from '../../../lib/health/health.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';

const folder = new URL('../../fixtures/health/', import.meta.url);

const image = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/api:v5';

const expected = {
  'bucket-terminal': ['Degraded', 'BucketAlreadyExists: The requested bucket name is not available.'],
  'certificate-stale-ready': ['Progressing', 'the controller has not observed the change yet'],
  'deployment-quota': [
    'Degraded',
    'pods "api-6d5f7c9b8-x2x4m" is forbidden: exceeded quota: shop, requested: pods=1, used: pods=2, limited: pods=2',
  ],
  'deployment-rolled-out': ['Healthy', ''],
  'job-resumed': ['Progressing', 'pods running: 1, succeeded: 0 of 1'],
  'kustomization-suspended': ['Suspended', 'suspended by spec.suspend'],
  'namespace-terminating': ['Progressing', 'being deleted; held by the finalizers acme.example/backup'],
  'persistent-volume-claim-first-consumer': ['Healthy', 'not bound yet: no pod uses it, or no volume matches'],
  'pod-crash-loop': [
    'Degraded',
    'container worker: CrashLoopBackOff: exit code 1, restarts: 4: Error: QUEUE_URL is not set',
  ],
  'pod-image-pull-back-off': [
    'Degraded',
    `container api: ImagePullBackOff: Back-off pulling image "${image}": not found`,
  ],
} as const;

test.each(Object.entries(expected))('%s, as an API server sends it, is judged', async (name, [status, message]) => {
  const object: KubeObject = parse(await readFile(new URL(`${name}.yaml`, folder), 'utf8'));
  expect(healthOf(object)).toEqual({ status, message });
});

test('every fixture is judged by this test', async () => {
  expect((await readdir(folder)).toSorted()).toEqual(Object.keys(expected).map((name) => `${name}.yaml`));
});
