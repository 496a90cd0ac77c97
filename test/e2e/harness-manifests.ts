// Manifests for tests, as files of a repository.

type Metadata = { readonly name?: string; readonly [field: string]: unknown };

/** One or several objects in a file; JSON is YAML. */
export function yaml(...objects: readonly object[]): string {
  return objects.map((object) => JSON.stringify(object, null, 2)).join('\n---\n');
}

export function configMap(name: string, value = '1', metadata: Metadata = {}) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data: { value } };
}

export function service(name: string, port: unknown = 80) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: name }, ports: [{ port }] },
  };
}

/** The end of the tag says what becomes of the pods; see the stages of the control plane. */
export function deployment(
  name: string,
  tag = 'v1',
  { metadata = {}, ...spec }: { metadata?: Metadata; [field: string]: unknown } = {},
) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, ...metadata },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name, image: `registry.example/${name}:${tag}` }] },
      },
      ...spec,
    },
  };
}

/** A Job that runs once; with the tag `fail` it fails at once. */
export function job(name: string, annotations: Readonly<Record<string, string>>, tag = 'v1') {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, annotations },
    spec: {
      backoffLimit: 0,
      template: {
        spec: { restartPolicy: 'Never', containers: [{ name, image: `registry.example/${name}:${tag}` }] },
      },
    },
  };
}
