import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judgeObjects } from '../../cli/verbs/health/run.ts';
import { DriftlessError } from '../../lib/errors.ts';
import { driftless } from './driftless.ts';

const MIXED = `
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: shop }
---
apiVersion: v1
kind: Pod
metadata: { name: gone }
status: { phase: Failed, message: evicted }
---
apiVersion: example.com/v1
kind: Widget
metadata: { name: spinning, namespace: shop, generation: 2 }
status: { observedGeneration: 1 }
---
apiVersion: v1
kind: List
items:
  - { apiVersion: v1, kind: Service, metadata: { name: api, namespace: shop } }
  - { apiVersion: v1, kind: Namespace, metadata: { name: shop }, status: { phase: Active } }
`;

test('each document is judged, in their order; lists by their items, custom resources by their conditions', async () => {
  const { exitCode, stdout, stderr } = await driftless(['health', '-f', '-', '-o', 'json'], { input: MIXED });
  const judged: unknown = JSON.parse(stdout);
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
  expect(judged).toEqual([
    { ref: 'ConfigMap/shop/settings', status: 'Healthy', message: '' },
    { ref: 'Pod/gone', status: 'Degraded', message: expect.stringContaining('evicted'), reason: 'Failed' },
    { ref: 'Widget/shop/spinning', status: 'Progressing', message: expect.any(String), reason: 'NotObserved' },
    { ref: 'Service/shop/api', status: 'Healthy', message: '' },
    { ref: 'Namespace/shop', status: 'Healthy', message: '' },
  ]);
});

test('what is suspended is well', async () => {
  const input = 'apiVersion: batch/v1\nkind: Job\nmetadata: { name: later }\nspec: { suspend: true }\n';
  const { exitCode, stdout } = await driftless(['health', '-f', '-'], { input });
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^Job\/later: Suspended/) });
});

test('a file without objects is an empty result, with a note for people', async () => {
  const ended = await driftless(['health', '-f', '-', '-o', 'json'], { input: '# nothing\n' });
  expect(ended).toEqual({ exitCode: 0, stdout: '[]\n', stderr: 'note: standard input: holds no objects\n' });
});

test.each([
  ['a document that is no object', '- a\n', 'a.yaml:1: is not a mapping, so it is not a Kubernetes object'],
  [
    'a document without a kind',
    'apiVersion: v1\nmetadata: {name: a}\n',
    'a.yaml:1: kind missing; a Kubernetes object has apiVersion, kind and metadata.name',
  ],
  ['a tab', 'kind: A\nmetadata:\n\tname: a\n', 'a.yaml:3: a tab is used for indentation; use spaces'],
])('%s is one clear error', (_what, content, sentence) => {
  expect(() => judgeObjects(content, 'a.yaml')).toThrow(new DriftlessError('ManifestInvalid', sentence));
});

const RULED = `apiVersion: driftless.dev/v1
kind: Cluster
metadata: { name: prod }
spec:
  kubeconfig: { context: prod }
  health:
    - { group: example.com, kind: Widget, cel: "{'status': 'Degraded', 'message': 'too ' + object.spec.color, 'reason': 'WrongColor'}" }
  resourceCustomizations:
    resource.customizations.health.ConfigMap: |
      return {status = "Suspended", message = obj.metadata.name}
`;
const WIDGETS = `
{ apiVersion: example.com/v1, kind: Widget, metadata: { name: w, generation: 1 }, spec: { color: red } }
---
{ apiVersion: v1, kind: ConfigMap, metadata: { name: settings } }
`;

test('rules of a configuration count where it is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'health-'));
  await writeFile(join(folder, 'prod.yaml'), RULED);
  const args = ['health', '-f', '-', '-o', 'json', '--config', folder];
  const { exitCode, stdout } = await driftless(args, { input: WIDGETS });
  expect({ exitCode, judged: JSON.parse(stdout) }).toEqual({
    exitCode: 1,
    judged: [
      { ref: 'Widget/w', status: 'Degraded', message: 'too red', reason: 'WrongColor' },
      { ref: 'ConfigMap/settings', status: 'Suspended', message: 'settings' },
    ],
  });
  await writeFile(
    join(folder, 'prod.yaml'),
    RULED.replace("{'status'", "{'status'').").replace('return {', 'return {{'),
  );
  const validated = await driftless(['validate', folder]);
  expect(validated.exitCode).toBe(2);
  expect(validated.stdout.split('\n').slice(0, 2)).toEqual([
    expect.stringMatching(/^prod\.yaml:7: spec\.health\[0\]\.cel: is no CEL that can be read: /),
    expect.stringMatching(
      /^prod\.yaml:9: spec\.resourceCustomizations\..*ConfigMap: is no Lua that can be read: line 2: /,
    ),
  ]);
});
