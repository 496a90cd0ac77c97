// Objects as an API server sends them, each a manifest in test/fixtures/health. Its first line is a comment with the health that is expected; a second one
// may name other kinds of the group that have the same status.
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { STATUS_RULES } from '../../../lib/health/custom-resources/table/table.ts';
import { healthOf } from '../../../lib/health/health.ts';
import type { HealthStatus } from '../../../lib/model/health.ts';
import { groupOf, type KubeObject } from '../../../lib/model/kube-object.ts';

const folder = new URL('../../fixtures/health/', import.meta.url);
const files = readdirSync(folder).toSorted();

type Fixture = {
  readonly object: KubeObject;
  readonly also: readonly string[];
  readonly expected: { readonly status: HealthStatus };
};

function fixture(file: string): Fixture {
  const text = readFileSync(new URL(file, folder), 'utf8');
  const also = parse(/^# also: (.+)$/m.exec(text)?.[1] ?? '[]');
  return { object: parse(text), also, expected: parse(/^# health: (.+)$/m.exec(text)?.[1] ?? '') };
}

/** `PersistentVolumeClaim` as a part of a file's name: `persistent-volume-claim`. */
function inKebabCase(kind: string): string {
  return kind.replaceAll(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '-').toLowerCase();
}

test.each(files)('%s has the health that it says', (file) => {
  const { object, also, expected } = fixture(file);
  for (const kind of [object.kind, ...also]) expect(healthOf({ ...object, kind })).toEqual(expected);
});

test('the name of each fixture is its kind and its situation', () => {
  const misnamed = files.filter((file) => !file.startsWith(`${inKebabCase(fixture(file).object.kind)}-`));
  expect(misnamed).toEqual([]);
  expect(files.length).toBeGreaterThan(200);
});

/** Kinds whose status never tells that they fail, or that they are on their way. */
const NEVER: Readonly<Record<string, RegExp>> = {
  Healthy: /^$/,
  Progressing:
    /^(flagger\.app\/(MetricTemplate|AlertProvider)|build\.openshift\.io\/BuildConfig|image\.openshift\.io\/ImageStream|cilium\.io\/.*|argoproj\.io\/CronWorkflow|apps\.kruise\.io\/AdvancedCronJob|monitoring\.coreos\.com\/(AlertmanagerConfig|PodMonitor|Probe|PrometheusRule|ScrapeConfig|ServiceMonitor))$/,
  Degraded:
    /^(flagger\.app\/(MetricTemplate|AlertProvider)|build\.openshift\.io\/BuildConfig|apps\.kruise\.io\/(CloneSet|StatefulSet|DaemonSet|SidecarSet|AdvancedCronJob)|rollouts\.kruise\.io\/Rollout|cluster\.x-k8s\.io\/MachineSet|postgresql\.cnpg\.io\/(ScheduledBackup|Pooler)|(agent|apm|beat|enterprisesearch|kibana|logstash|maps)\.k8s\.elastic\.co\/.*)$/,
};

test.each(['Healthy', 'Progressing', 'Degraded'])('each kind of the table has a fixture that is %s', (status) => {
  const shown = files
    .map(fixture)
    .filter(({ expected }) => expected.status === status)
    .flatMap(({ object, also }) => [object.kind, ...also].map((kind) => `${groupOf(object.apiVersion)}/${kind}`));
  const covers = (key: string): boolean =>
    shown.some(
      (one) => one === key || (key.endsWith('/*') && one.split('/')[0]?.endsWith(key.slice(0, -2).replace('*', ''))),
    );
  const missing = Object.keys(STATUS_RULES).filter((key) => !NEVER[status]?.test(key) && !covers(key));
  expect(missing).toEqual([]);
});
