// What a deployer lives through in the tests of what it persists: each kind of item, blob and step comes about in it.
import type { KubeObject } from '../../lib/model/kube-object.ts';
import { CONFIG, type World } from './world.ts';

const SHOP = 'https://git.test/acme/shop';
const BLOG = 'https://git.test/acme/blog';
const WIKI = 'https://git.test/acme/wiki';

const application = (name: string, spec: string): string =>
  `apiVersion: driftless.dev/v1\nkind: Application\nmetadata: { name: ${name} }\nspec:\n${spec}`;

const CONFIG_FILES = {
  'config/apps.yaml': [
    application(
      'shop',
      `  project: store
  source: { repo: ${SHOP}, ref: main, path: deploy, directory: { recurse: true } }
  destination: { cluster: prod, namespace: shop }
  rollback: { alarms: [shop-5xx, disk-full], bakeTime: 15m }
`,
    ),
    application(
      'blog',
      `  source: { repo: ${BLOG}, ref: main, path: deploy }
  destination: { cluster: prod, namespace: blog }
  drift: { mode: report, ignore: [{ group: apps, kind: Deployment, fields: [spec.replicas] }] }
`,
    ),
    application(
      'wiki',
      `  source: { repo: ${WIKI}, ref: main, path: chart, helm: { valueFiles: [values.yaml], values: { pages: 2 } } }
  destination: { cluster: prod, namespace: wiki }
`,
    ),
    application(
      'cart',
      `  source: { repo: ${SHOP}, ref: main, path: cart }
  destination: { cluster: prod, namespace: cart }
`,
    ),
  ].join('---\n'),
  'config/rest.yaml': `apiVersion: driftless.dev/v1
kind: Project
metadata: { name: store }
spec:
  description: what sells
  sourceRepos: [https://git.test/acme/*]
  destinations: [{ cluster: prod, namespace: shop }]
  drift: { mode: correct }
---
apiVersion: driftless.dev/v1
kind: Cluster
metadata: { name: prod }
spec: { eks: { name: prod-eu, region: eu-central-1, roleArn: "arn:aws:iam::123456789012:role/driftless", externalId: acme } }
---
apiVersion: driftless.dev/v1
kind: Repository
metadata: { name: shop }
spec: { url: ${SHOP}, credentials: { secret: acme-shop } }
`,
};

const configMap = (name: string, value: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { value: "${value}" }\n`;

const CART = { 'cart/all.yaml': configMap('basket', '1') };

const shop = (...texts: readonly string[]) => ({ 'deploy/all.yaml': texts.join('---\n'), ...CART });

/** Commits of the repository of `shop`: two good ones, one that the server refuses, and one that is rolled back. */
const SHOP_COMMITS = [
  shop(configMap('web', '1'), configMap('old', '1')),
  shop(configMap('web', '2')),
  shop(configMap('web', '3'), 'apiVersion: v1\nkind: Unheard\nmetadata: { name: of }\n'),
  shop(configMap('web', '4'), configMap('extra', '1')),
] as const;

/** An object with our label that no operation has deployed. */
const labelled = (name: string, app: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop', labels: { 'driftless.dev/app': app } },
});

const RESUMED_AT = '2026-01-02T00:00:00.000Z';

/** Three pushes to `shop`, one of them refused, and a rollback; drift of `blog`, which is suspended; `wiki` from a chart; `cart` dies half-way. */
export async function live(world: World): Promise<void> {
  world.commit(CONFIG.repo, CONFIG_FILES);
  world.commit(SHOP, SHOP_COMMITS[0]);
  world.commit(BLOG, { 'deploy/all.yaml': configMap('posts', '1') });
  world.commit(WIKI, { 'chart/Chart.yaml': 'name: wiki\nversion: 1.0.0\n', 'chart/values.yaml': 'pages: 1\n' });
  await world.follow();
  for (const app of ['shop', 'blog', 'wiki']) await world.run(app, 1);

  world.commit(SHOP, SHOP_COMMITS[1]);
  await world.deploy('shop');
  world.commit(SHOP, SHOP_COMMITS[2]);
  await world.deploy('shop');
  const bad = world.commit(SHOP, SHOP_COMMITS[3]);
  await world.deploy('shop');
  await world.deploy('shop', { kind: 'rollback', by: 'shop-5xx', undo: bad });

  world.cluster.edit('ConfigMap/blog/posts', (object) => ({ ...object, data: { value: 'edited' } }));
  world.cluster.put(labelled('stray', 'shop'));
  world.cluster.put(labelled('orphan', 'gone'));
  await world.clock.advance(60_000);
  await world.scan();
  const at = new Date(world.clock.now()).toISOString();
  await world.state.suspend('blog', { reason: 'freeze', by: 'ann', at, until: RESUMED_AT });
  await world.run('cart', 1, 'plan');
}

/** What version 0.2.0 persists beside that: an application under another name, one that waits for an object of another, and one that goes to another cluster. */
export async function liveOn(world: World): Promise<void> {
  const renamed = CONFIG_FILES['config/apps.yaml'].replace('name: wiki', 'name: pages');
  world.commit(CONFIG.repo, { ...CONFIG_FILES, 'config/apps.yaml': renamed });
  await world.follow();
  await world.run('pages', 2);

  const copy = application(
    'copy',
    `  source: { repo: ${BLOG}, ref: main, path: deploy }
  destination: { cluster: prod, namespace: blog }
`,
  );
  const other = `---
apiVersion: driftless.dev/v1
kind: Cluster
metadata: { name: prod-b }
spec: { eks: { name: prod-us, region: us-east-1 } }
`;
  const moved = renamed.replace(
    'destination: { cluster: prod, namespace: wiki }',
    'destination: { cluster: prod-b, namespace: wiki }',
  );
  world.commit(CONFIG.repo, {
    'config/apps.yaml': [moved, copy].join('---\n'),
    'config/rest.yaml': CONFIG_FILES['config/rest.yaml'] + other,
  });
  await world.follow();
  await world.run('copy', 1);
}
