// The client on the shared API server, with a namespace of its own for each file of tests.
import { readKubeconfig } from '../../cli/kubeconfig/kubeconfig.ts';
import { createCluster, type OpenCluster } from '../../lib/kube/cluster.ts';
import type { ClusterAccess } from '../../lib/model/cluster-access.ts';
import type { ApplyResult, ServedKind, WriteOptions } from '../../lib/model/cluster-api.ts';
import { idOf, type KubeObject } from '../../lib/model/kube-object.ts';
import type { Clock, Log } from '../../lib/ports/runtime.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';

/** For a test that has other work of the machine beside it. */
export const PATIENCE_MS = 60_000;

const log: Log = { info() {}, warn() {}, error() {}, bind: () => log };
export const testClock: Clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

export type KubeUnderTest = {
  readonly cluster: OpenCluster;
  readonly access: ClusterAccess;
  /** Another client, whose requests have these headers too. */
  open(headers: Readonly<Record<string, string>>): OpenCluster;
  kindOf(object: Pick<KubeObject, 'apiVersion' | 'kind'>): Promise<ServedKind>;
  apply(object: KubeObject, options?: WriteOptions): Promise<ApplyResult>;
  get(object: KubeObject): Promise<KubeObject | undefined>;
  /** An object in the namespace of these tests. */
  object(apiVersion: string, kind: string, name: string, rest?: object): KubeObject;
  configMap(name: string, rest?: object): KubeObject;
  /** A Deployment, StatefulSet or DaemonSet whose selector and labels have this label. */
  workload(kind: string, label: string, spec?: object): KubeObject;
};

/** Opens the client before the tests of a file, with a namespace for them, and closes it after them. */
export function kubeUnderTest(namespace: string): KubeUnderTest {
  let access: ClusterAccess;
  let cluster: OpenCluster;

  function open(headers: Readonly<Record<string, string>>): OpenCluster {
    const auth: ClusterAccess['auth'] = async (options) => ({ ...(await access.auth(options)), ...headers });
    return createCluster({ ...access, auth }, { clock: testClock, log, version: 'test' });
  }

  const kube: KubeUnderTest = {
    get cluster() {
      return cluster;
    },
    get access() {
      return access;
    },
    open,
    async kindOf({ apiVersion, kind }) {
      const served = await cluster.kind(apiVersion, kind);
      if (served === undefined) throw new Error(`${apiVersion} ${kind} is not served`);
      return served;
    },
    apply: async (object, options = {}) => cluster.apply(await kube.kindOf(object), object, options),
    get: async (object) => cluster.get(await kube.kindOf(object), idOf(object)),
    object: (apiVersion, kind, name, rest = {}) => ({ apiVersion, kind, metadata: { name, namespace }, ...rest }),
    configMap: (name, rest = { data: { a: '1' } }) => kube.object('v1', 'ConfigMap', name, rest),
    workload(kind, label, spec = {}) {
      const template = { metadata: { labels: { a: label } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
      const whole = { selector: { matchLabels: { a: label } }, template, ...spec };
      return kube.object('apps/v1', kind, 'fixed', { spec: whole });
    },
  };

  beforeAll(async () => {
    access = await readKubeconfig({ path: kubeconfigPath() });
    cluster = open({});
    await kube.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  }, PATIENCE_MS);

  afterAll(() => cluster.close());

  return kube;
}

/** The first answer that there is; each question is a request, so this does not spin. */
export async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  const until = performance.now() + 30_000;
  while (performance.now() < until) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error('not within 30 s');
}
