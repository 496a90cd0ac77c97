// A member of the group that the access entry names, with the rights that the stack's manifests give a tenancy.
import { parseAllDocuments } from 'yaml';
import { rbacFiles } from '../../infra/rbac.ts';
import { readContext } from '../../infra/read-context.ts';
import type { OpenCluster } from '../../lib/kube/cluster.ts';
import type { KubeObject } from '../../lib/model/kube-object.ts';
import type { KubeUnderTest } from './kube-cluster.ts';

/** A deployer that is let in as the stack does, with the manifests of its tenancy applied. */
export async function letIn(kube: KubeUnderTest, name: string, tenancy: unknown): Promise<OpenCluster> {
  const [yaml = ''] = manifestsOf(name, tenancy);
  await applyAll(kube, yaml);
  return kube.open({ 'impersonate-user': `${name}:${name}-sync`, 'impersonate-group': name });
}

/** The reader of live objects beside that deployer, with the manifests that are written for it. */
export async function letReaderIn(kube: KubeUnderTest, name: string, tenancy: unknown): Promise<OpenCluster> {
  const [, yaml = ''] = manifestsOf(name, tenancy);
  await applyAll(kube, yaml);
  return kube.open({ 'impersonate-user': `${name}:readers:${name}-inspect`, 'impersonate-group': `${name}:readers` });
}

function manifestsOf(name: string, tenancy: unknown): readonly string[] {
  const cluster = { name: 'prod', region: 'eu-central-1', tenancy };
  const config = { url: 'https://github.com/acme/platform' };
  return [...rbacFiles(readContext({ name, region: 'eu-central-1', config, clusters: [cluster] })).values()];
}

async function applyAll(kube: KubeUnderTest, yaml: string): Promise<void> {
  for (const document of parseAllDocuments(yaml)) {
    const object: KubeObject = document.toJS();
    expect(await kube.apply(object)).toMatchObject({ status: 'applied' });
  }
}
