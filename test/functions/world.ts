// An account with a Git server beside it: the configuration in one repository, the application in another, pushes delivered as an HTTP API hands them over.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { readKubeconfig } from '../../cli/kubeconfig/kubeconfig.ts';
import type { Operation } from '../../lib/model/operation.ts';
import { kubeconfigPath } from '../e2e/control-plane-under-test.ts';
import { type Changes, type Delivery, type ForgeRepository, githubDelivery, startForge } from '../e2e/harness-forge.ts';
import { type Kube, openKube } from '../e2e/harness-kube.ts';
import { yaml } from '../e2e/harness-manifests.ts';
import { type Account, type AccountOptions, CLUSTER, openAccount } from './account.ts';

const WEBHOOK_SECRET = 'a webhook secret of the tests';
const SETTLE_MS = 50_000;
const POLL_MS = 50;

export type World = Account & {
  /** Of the application and its namespace. */
  readonly app: string;
  readonly kube: Kube;
  /** Pushes to the application's repository, without a word to anybody; gives the delivery that GitHub would send. */
  push(changes: Changes): Promise<Delivery>;
  /** Gives the application another specification, by a push to the configuration's repository; gives the delivery of it. */
  configure(spec: object): Promise<Delivery>;
  /** Hands a delivery to the webhook function, as an HTTP API does. */
  deliver(delivery: Delivery): Promise<APIGatewayProxyStructuredResultV2>;
  /** The newest operation, when it has ended and has this number at least. */
  settled(seq: number, withinMs?: number): Promise<Operation>;
  /** What the application's ConfigMap `settings` says, live. */
  value(): Promise<string | undefined>;
};

export type WorldOptions = Pick<AccountOptions, 'emulator'> & { readonly spec?: object };

/** Starts it; nothing is deployed yet. */
export async function openWorld({ emulator, spec = {} }: WorldOptions = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'driftless-world-'));
  const app = `f${randomBytes(3).toString('hex')}`;
  const forge = await startForge(folder, undefined);
  const [config, source] = [await forge.createRepository('config'), await forge.createRepository(app)];
  const configured = (specification: object): Changes => ({
    'driftless/shop.yaml': yaml(...documents(app, source.url, specification)),
  });
  await config.push(configured(spec));
  const account = await openAccount({
    config: { repo: config.url, path: 'driftless' },
    webhookSecret: WEBHOOK_SECRET,
    ...(emulator !== undefined && { emulator }),
  });
  const kube = openKube(await readKubeconfig({ path: kubeconfigPath() }));
  return {
    ...account,
    app,
    kube,
    push: (changes) => pushTo(source, changes),
    configure: (changed) => pushTo(config, configured({ ...spec, ...changed })),
    deliver: async (delivery) =>
      (await account.functions.webhook.invoke(httpEvent('/webhooks/github', delivery))) as Result,
    async settled(seq, withinMs = SETTLE_MS) {
      const deadline = performance.now() + withinMs;
      for (;;) {
        const [newest] = await account.state.operations(app, 1);
        if (newest !== undefined && newest.seq >= seq && newest.phase === 'done') return newest;
        if (performance.now() > deadline)
          throw new Error([`operation ${seq}: ${JSON.stringify(newest)}`, ...account.printed.slice(-20)].join('\n'));
        await setTimeout(POLL_MS);
      }
    },
    async value() {
      const live = await kube.get({ apiVersion: 'v1', kind: 'ConfigMap', name: 'settings', namespace: app });
      const { value } = (live?.['data'] ?? {}) as { readonly value?: string };
      return value;
    },
    async stop() {
      await account.stop();
      await forge.stop();
      await kube.delete({ apiVersion: 'v1', kind: 'Namespace', name: app }).catch(() => undefined);
      await kube.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function pushTo(repository: ForgeRepository, changes: Changes): Promise<Delivery> {
  const after = await repository.push(changes);
  return githubDelivery({ url: repository.url, ref: 'refs/heads/main', after }, WEBHOOK_SECRET);
}

type Result = APIGatewayProxyStructuredResultV2;

function documents(app: string, repo: string, spec: object): readonly object[] {
  const apiVersion = 'driftless.dev/v1';
  const destination = { cluster: CLUSTER, namespace: app };
  const sync = { createNamespace: true, timeout: '1m' };
  return [
    {
      apiVersion,
      kind: 'Application',
      metadata: { name: app },
      spec: { source: { repo, ref: 'main', path: 'deploy' }, destination, sync, ...spec },
    },
    {
      apiVersion,
      kind: 'Cluster',
      metadata: { name: CLUSTER },
      spec: { eks: { name: CLUSTER, region: 'eu-central-1' } },
    },
  ];
}

/** A POST as an HTTP API hands it over: names of headers in lower case, the body in base64. */
function httpEvent(rawPath: string, { headers, body }: Delivery): APIGatewayProxyEventV2 {
  const time = new Date();
  return {
    version: '2.0',
    routeKey: 'POST /webhooks/{forge}',
    rawPath,
    rawQueryString: '',
    headers: { ...headers, 'content-length': `${Buffer.byteLength(body)}` },
    pathParameters: { forge: rawPath.split('/').at(-1) ?? '' },
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      domainName: 'hooks.example',
      domainPrefix: 'hooks',
      http: {
        method: 'POST',
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.1',
        userAgent: 'GitHub-Hookshot',
      },
      requestId: 'request',
      routeKey: 'POST /webhooks/{forge}',
      stage: '$default',
      time: time.toISOString(),
      timeEpoch: time.getTime(),
    },
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
  };
}
