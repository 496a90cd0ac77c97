// An application with everything that makes a deployment delicate: a Namespace and CRDs of its own with objects that need them, a hook, an
// object that has to be made anew, objects that appear, change and vanish, and a workload that takes its time.
import type { Application } from '../../lib/model/application.ts';
import type { KubeObject } from '../../lib/model/kube-object.ts';

/** Manifests by file. */
export type Files = Readonly<Record<string, string>>;

/** The application, under a name of its own, so that many of them share a cluster. */
export function exampleApplication(name: string, repo: string): Application {
  return {
    name,
    project: 'default',
    sources: [{ repo, ref: 'main', path: 'deploy' }],
    destination: { cluster: 'test', namespace: name },
    sync: {
      mode: 'auto',
      prune: true,
      pruneProtected: ['Namespace', 'CustomResourceDefinition'],
      maxPrunePercent: 100,
      allowEmpty: true,
      createNamespace: true,
      force: false,
      recreate: false,
      timeoutSeconds: 60,
    },
    drift: { mode: 'off' },
  };
}

/** Two commits: a first deployment, and one that creates, changes, makes anew and removes something of every sort. */
export function exampleCommits(app: string): readonly Files[] {
  const first = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `${app}-extra` } },
    definition(app, 'Widget'),
    definition(app, 'Gadget'),
    custom(app, 'Widget', 'kept', 1),
    custom(app, 'Widget', 'removed', 1),
    custom(app, 'Gadget', 'removed', 1),
    configMap('changed', '1'),
    configMap('removed', '1'),
    configMap('same', '1'),
    { ...configMap('away', '1'), metadata: { name: 'away', namespace: `${app}-extra` } },
    frozen('1'),
    hook(),
    workload('1'),
  ];
  const second = [
    definition(app, 'Widget'),
    custom(app, 'Widget', 'kept', 2),
    custom(app, 'Widget', 'added', 2),
    configMap('changed', '2'),
    configMap('same', '1'),
    configMap('added', '2'),
    frozen('2'),
    hook(),
    workload('2'),
  ];
  return [first, second].map((objects) => ({ 'deploy/all.json': manifests(objects) }));
}

/** Objects as one file of manifests. */
export function manifests(objects: readonly KubeObject[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
}

export function configMap(name: string, value: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { value } };
}

/** A ConfigMap that can only be changed by making it anew. */
function frozen(value: string): KubeObject {
  const annotations = { 'driftless.dev/recreate': 'true' };
  return { ...configMap('frozen', value), metadata: { name: 'frozen', annotations }, immutable: true };
}

function hook(): KubeObject {
  const annotations = { 'argocd.argoproj.io/hook': 'PreSync' };
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'migrate', image: 'migrate:1' }] } };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'migrate', annotations }, spec: { template } };
}

function workload(tag: string): KubeObject {
  const labels = { app: 'web' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: `web:${tag}` }] } };
  const spec = { replicas: 1, selector: { matchLabels: labels }, template };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec };
}

/** The group of the custom kinds of an application. */
export function customGroup(app: string): string {
  return `${app}.example.org`;
}

/** A CRD for one custom kind. */
export function definition(app: string, kind: string): KubeObject {
  const singular = kind.toLowerCase();
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.${customGroup(app)}` },
    spec: {
      group: customGroup(app),
      scope: 'Namespaced',
      names: { kind, singular, plural: `${singular}s` },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}

/** An object of a custom kind. */
export function custom(app: string, kind: string, name: string, value: number): KubeObject {
  return { apiVersion: `${customGroup(app)}/v1`, kind, metadata: { name }, spec: { value } };
}
