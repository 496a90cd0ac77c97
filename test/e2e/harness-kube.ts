// What people and other tools do in the cluster while the deployer works there.
import { Agent, request } from 'undici';
import { createCluster } from '../../lib/kube/cluster.ts';
import { collectionPath, objectPath } from '../../lib/kube/path.ts';
import type { ClusterAccess } from '../../lib/model/cluster-access.ts';
import type { ServedKind } from '../../lib/model/cluster-api.ts';
import type { KubeObject } from '../../lib/model/kube-object.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';
import { RecordingLog } from '../fakes/recording-log.ts';

type Named = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
};

export type Kube = {
  get(what: Named): Promise<KubeObject | undefined>;
  list(apiVersion: string, kind: string): Promise<readonly KubeObject[]>;
  /** Creates an object, or a subresource of one; gives what the server answers. */
  create(object: KubeObject, subresource?: { readonly of: Named; readonly name: string }): Promise<KubeObject>;
  /** Applies on the server's side, as another field manager. */
  applyAs(manager: string, object: KubeObject): Promise<void>;
  /** Changes fields as `kubectl edit` would; null removes one. A subresource such as `scale` may be edited too. */
  edit(what: Named, fields: object, subresource?: string): Promise<void>;
  delete(what: Named): Promise<void>;
  close(): Promise<void>;
};

/** An administrator's way into the cluster. */
export function openKube(access: ClusterAccess): Kube {
  const cluster = createCluster(access, { clock: systemClock, log: new RecordingLog(), version: 'test' });
  const dispatcher = new Agent({ connect: { ca: access.caData ?? [] } });

  async function kindOf(apiVersion: string, kind: string): Promise<ServedKind> {
    const served = await cluster.kind(apiVersion, kind);
    if (served === undefined) throw new Error(`${apiVersion} ${kind} is not served`);
    return served;
  }

  async function pathOf({ apiVersion, kind, namespace, name }: Named): Promise<string> {
    return objectPath({ kind: await kindOf(apiVersion, kind), namespace, name });
  }

  type Sent = {
    readonly method: 'POST' | 'PATCH' | 'DELETE';
    readonly path: string;
    readonly type?: string;
    readonly body?: object;
  };

  async function send({ method, path, type = 'application/json', body }: Sent): Promise<KubeObject> {
    const headers = { ...(await access.auth()), 'content-type': type };
    const text = body === undefined ? null : JSON.stringify(body);
    const reply = await request(`${access.server}${path}`, { dispatcher, method, headers, body: text });
    const answer = await reply.body.json();
    if (reply.statusCode >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer as KubeObject;
  }

  return {
    get: async ({ apiVersion, kind, ...id }) => cluster.get(await kindOf(apiVersion, kind), { group: '', kind, ...id }),
    list: async (apiVersion, kind) =>
      (await cluster.list({ kind: await kindOf(apiVersion, kind), content: 'metadata' })).items,
    create: async (object, subresource) => {
      const { namespace } = object.metadata;
      const path =
        subresource === undefined
          ? collectionPath(await kindOf(object.apiVersion, object.kind), namespace)
          : `${await pathOf(subresource.of)}/${subresource.name}`;
      return send({ method: 'POST', path, body: object });
    },
    applyAs: async (manager, object) => {
      const path = await pathOf({ ...object, ...object.metadata });
      const query = new URLSearchParams({ fieldManager: manager, force: 'true' });
      await send({ method: 'PATCH', path: `${path}?${query}`, type: 'application/apply-patch+yaml', body: object });
    },
    edit: async (what, fields, subresource) => {
      const path = `${await pathOf(what)}${subresource === undefined ? '' : `/${subresource}`}?fieldManager=kubectl-edit`;
      await send({ method: 'PATCH', path, type: 'application/merge-patch+json', body: fields });
    },
    delete: async (what) => void (await send({ method: 'DELETE', path: await pathOf(what) })),
    close: async () => void (await Promise.all([cluster.close(), dispatcher.destroy()])),
  };
}
