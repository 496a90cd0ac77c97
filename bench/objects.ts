import { stringify } from 'yaml';
import { MARK } from './live.ts';

type Make = (name: string, mark: string) => object;

/** About 1.4 kB of data. */
const TEXT = Array.from({ length: 20 }, (_, line) => `setting.${line} = ${'value of some length '.repeat(3)}`).join(
  '\n',
);

const configMap: Make = (name, mark) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, annotations: { [MARK]: mark } },
  data: { 'settings.properties': TEXT, mark },
});

const service: Make = (name, mark) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, annotations: { [MARK]: mark } },
  spec: { clusterIP: 'None', selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
});

const deployment: Make = (name, mark) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, annotations: { [MARK]: mark } },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'app', image: 'registry.example/app:v1', ports: [{ containerPort: 8080 }] }] },
    },
  },
});

/** Half ConfigMaps, a quarter Services, a quarter Deployments without replicas. */
const MIX: readonly Make[] = [configMap, service, configMap, deployment];

/** The n-th object of a mixture, with a mark by which it is recognized in a watch. */
export function mixedObject(n: number, mark: string): object {
  const make = MIX[n % MIX.length] ?? configMap;
  return make(`object-${n}`, mark);
}

/** A ConfigMap with a mark. */
export function configMapObject(name: string, mark: string): object {
  return configMap(name, mark);
}

/** A file of manifests. */
export function toYaml(objects: readonly object[]): string {
  return objects.map((object) => stringify(object)).join('---\n');
}

/** The configuration of applications, each with a folder of the repository. */
export function applicationsYaml(
  repo: string,
  applications: readonly { readonly name: string; readonly path: string; readonly namespace: string }[],
): string {
  const documents = applications.map(({ name, path, namespace }) => ({
    apiVersion: 'driftless.dev/v1',
    kind: 'Application',
    metadata: { name },
    spec: { source: { repo, ref: 'main', path }, destination: { namespace } },
  }));
  return documents.map((document) => JSON.stringify(document)).join('\n---\n');
}
