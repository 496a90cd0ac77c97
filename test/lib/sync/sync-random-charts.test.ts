// A chart whose Secret is drawn at random: what is deployed stays while nothing that matters has changed, also across an upgrade of the deployer.
import type { SyncOptions } from '../../../lib/model/application.ts';
import type { StateStore } from '../../../lib/ports/store.ts';
import type { SyncPorts } from '../../../lib/sync/operation/run.ts';
import { fetchSource } from '../../../lib/sync/render/fetch-source.ts';
import { inputsKey } from '../../../lib/sync/render/render-key.ts';
import { snapshotOf, sourceOf, treeOf } from '../render/fixture.ts';
import { type Rig, withRig } from './rig.ts';

const worlds = withRig();

const CHART = {
  'deploy/Chart.yaml': 'apiVersion: v2\nname: db\nversion: 1.0.0\n',
  'deploy/templates/secret.yaml': '{{ randAlphaNum 16 }}',
  'deploy/README.md': 'old',
};
const SOURCE = sourceOf({ path: 'deploy', helm: { valueFiles: [], includeCRDs: true } });

class World {
  readonly rig: Rig;
  readonly #commits = new Map<string, Readonly<Record<string, string>>>();
  #apiVersions = ['v1'];
  #head = '';
  #drawn = 0;
  /** Keys as they are now → as the version before would have made them. */
  readonly #former = new Map<string, string>();

  constructor(rig: Rig) {
    this.rig = rig;
  }

  async configure(sync: Partial<SyncOptions> = {}, source = SOURCE): Promise<void> {
    await this.rig.configure(sync, { sources: [source] });
  }

  installCrd(): void {
    this.#apiVersions = [...this.#apiVersions, `g${this.#apiVersions.length}.io/v1`];
  }

  commit(files: Readonly<Record<string, string>>): void {
    this.#head = String(this.#commits.size).padStart(40, '0');
    this.#commits.set(this.#head, files);
  }

  /** Deploys the head; gives the password that is live then. */
  async deploy(): Promise<unknown> {
    const outcome = await this.rig.run(await this.rig.ask('config'), undefined, this.#ports());
    expect(outcome).toMatchObject({ status: expect.stringMatching(/^(synced|unchanged)$/) });
    return this.rig.cluster.find('ConfigMap/store/db')['data'];
  }

  /** What is deployed was deployed by the version before. */
  async deployedByFormerVersion(): Promise<void> {
    const { app, lastSync } = (await this.rig.state.application('shop')) ?? {};
    if (app === undefined || lastSync === undefined) throw new Error('nothing is deployed');
    const { inputs } = await fetchSource(app, this.#snapshot(lastSync.revision));
    const capabilities = { version: 'v1.36.3', apiVersions: this.#apiVersions };
    const key = inputsKey({ app, inputs, capabilities, toolVersions: 'test' });
    this.#former.set(lastSync.renderedKey, key);
  }

  #ports(): Partial<SyncPorts> {
    const { state, blobs } = this.rig.ports;
    const { cluster } = this.rig;
    cluster.capabilities = async () => ({ version: 'v1.36.3', apiVersions: this.#apiVersions });
    return {
      git: { resolve: async () => this.#head, open: async (_repo, revision) => this.#snapshot(revision) },
      renderer: {
        render: async () => {
          this.#drawn += 1;
          return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: db}\ndata: {password: "${this.#drawn}"}\n`;
        },
      },
      blobs: {
        put: async (key, bytes) => {
          this.#former.delete(key);
          await blobs.put(key, bytes);
        },
        get: async (key) => {
          const now = [...this.#former].find(([, former]) => former === key)?.[0];
          return this.#former.has(key) ? undefined : blobs.get(now ?? key);
        },
      },
      state: this.#formerKeys(state),
    };
  }

  #snapshot(revision: string) {
    return { ...snapshotOf(treeOf(this.#commits.get(revision) ?? {})), revision };
  }

  /** The store, in whose answers a key is as the version before would have made it. */
  #formerKeys(store: StateStore): StateStore {
    return new Proxy(store, {
      get:
        (target, name: keyof StateStore) =>
        async (...args: never[]) => {
          const answer = await (target[name] as (...given: never[]) => Promise<unknown>)(...args);
          let text = JSON.stringify(answer ?? null);
          if (![...this.#former.keys()].some((now) => text.includes(now))) return answer;
          for (const [now, former] of this.#former) text = text.replaceAll(now, former);
          return JSON.parse(text);
        },
    });
  }
}

async function deployed(): Promise<{ readonly world: World; readonly password: unknown }> {
  const world = new World(await worlds.open());
  await world.configure();
  world.commit(CHART);
  return { world, password: await world.deploy() };
}

type Step = (world: World) => void | Promise<void>;
const timeout: Step = (world) => world.configure({ timeoutSeconds: 1_200 });
const crd: Step = (world) => world.installCrd();
const readme: Step = (world) => world.commit({ ...CHART, 'deploy/README.md': 'new' });

const HARMLESS: readonly [string, readonly Step[]][] = [
  ['nothing', []],
  ['sync.timeout', [timeout]],
  ['README.md (P6)', [readme]],
  ['what the cluster serves', [crd]],
  ['sync.timeout after a CRD came (P8)', [crd, timeout]],
  ['README.md after a CRD came', [crd, readme]],
  ['README.md and sync.timeout', [readme, timeout]],
];

test.each(HARMLESS)('the random values stay where %s changes', async (_what, steps) => {
  const { world, password } = await deployed();
  for (const step of steps) await step(world);
  expect(await world.deploy()).toEqual(password);
});

// The version before stored no options apart from the whole specification, so a change of it and of the cluster's kinds at once cannot be told apart.
test.each(HARMLESS.filter(([what]) => what !== 'sync.timeout after a CRD came (P8)'))(
  'the random values of a chart that the version before has deployed stay where %s changes',
  async (_what, steps) => {
    const { world, password } = await deployed();
    await world.deployedByFormerVersion();
    for (const step of steps) await step(world);
    expect(await world.deploy()).toEqual(password);
    await timeout(world);
    world.installCrd();
    expect(await world.deploy()).toEqual(password);
  },
);

test.each<[string, Step]>([
  ['a template', (world) => world.commit({ ...CHART, 'deploy/templates/secret.yaml': '{{ randAlphaNum 20 }}' })],
  [
    'a value',
    (world) => world.configure({}, { ...SOURCE, helm: { valueFiles: [], includeCRDs: true, values: { a: 1 } } }),
  ],
])('a change of %s draws new values, also after an upgrade', async (_what, step) => {
  for (const former of [false, true]) {
    const { world, password } = await deployed();
    if (former) await world.deployedByFormerVersion();
    await step(world);
    expect(await world.deploy()).not.toEqual(password);
  }
});
