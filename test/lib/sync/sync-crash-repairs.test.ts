// A worker may end at any moment also while it corrects drift or goes back; another one goes on with the same journal, and the end is the same.
import { recordDrift } from './drifted.ts';
import { configMap, type Rig, statusOf, widget, withRig } from './rig.ts';

const rigs = withRig();

const first = [configMap('a'), configMap('b'), widget('w')];
const second = [configMap('a', '2'), configMap('b'), configMap('new'), widget('w', '2')];

type Scenario = {
  /** Everything up to the operation that crashes; gives its number. */
  readonly prepare: (rig: Rig) => Promise<number>;
  readonly status: string;
  readonly steps: readonly string[];
  readonly writes: readonly string[];
};

const SCENARIOS = {
  rollback: {
    prepare: async (rig) => {
      await rig.configure({}, { rollback: { alarms: ['shop-5xx'], bakeTimeSeconds: 600 } });
      await rig.deploy(...first);
      const bad = await rig.deploy(...second);
      return rig.ask({ kind: 'rollback', by: 'shop-5xx', undo: bad?.revision ?? '' });
    },
    status: 'rolledBack',
    steps: ['lease#0', 'resolve', 'render', 'plan', 'apply:0', 'wait:0#0', 'prune', 'conclude'],
    writes: ['APPLY ConfigMap/store/a', 'APPLY Widget/store/w', 'DELETE ConfigMap/store/new'],
  },
  correction: {
    prepare: async (rig) => {
      await rig.deploy(...first);
      rig.cluster.put({ ...configMap('a', 'by hand'), metadata: { name: 'a', namespace: 'store' } });
      rig.cluster.edit('Widget/store/w', () => undefined);
      await recordDrift(rig, [configMap('a'), widget('w')]);
      return rig.ask({ kind: 'drift', by: 'scan-1' });
    },
    status: 'synced',
    steps: ['lease#0', 'resolve', 'render', 'plan', 'apply:0', 'wait:0#0', 'prune', 'conclude'],
    writes: ['APPLY ConfigMap/store/a', 'APPLY Widget/store/w'],
  },
} satisfies Readonly<Record<string, Scenario>>;

async function open({ prepare }: Scenario): Promise<{ readonly rig: Rig; readonly seq: number }> {
  const rig = await rigs.open();
  rig.cluster.controller = (object) => (object.kind === 'Widget' ? statusOf('Ready', object) : undefined);
  const seq = await prepare(rig);
  rig.requests();
  return { rig, seq };
}

/** What must be the same, whatever happened on the way; times differ. */
async function endOf(rig: Rig, seq: number) {
  const { trigger, phase, plan, outcome, revision, renderedKey } = (await rig.operation(seq)) ?? {};
  const { lastSync, previous, held, lease } = (await rig.state.application('shop')) ?? {};
  const inventory = (await rig.state.inventory('shop')).map(({ uid: _u, resourceVersion: _v, ...entry }) => entry);
  return {
    operation: { trigger, phase, plan, outcome, revision, renderedKey },
    record: { lastSync, previous, lease, held: held?.map(({ at: _, ...hold }) => hold) },
    contents: rig.cluster.contents(),
    inventory: inventory.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function writesOf(rig: Rig): readonly string[] {
  return [...new Set(rig.requests().filter((request) => /^(APPLY|DELETE) /.test(request)))];
}

describe.each(Object.entries<Scenario>(SCENARIOS))('a %s', (_name, scenario) => {
  const { steps, writes, status } = scenario;
  let undisturbed: Awaited<ReturnType<typeof endOf>>;

  beforeAll(async () => {
    const { rig, seq } = await open(scenario);
    expect(await rig.run(seq)).toMatchObject({ status });
    expect(writesOf(rig)).toEqual(writes);
    expect(rig.moments(seq)).toEqual(
      steps.flatMap((step) => [`before the end of ${step}`, `after the end of ${step}`]),
    );
    undisturbed = await endOf(rig, seq);
  });

  test.each([
    ...steps.flatMap((step) => [`before the end of ${step}`, `after the end of ${step}`]),
    ...writes.flatMap((write) => [`before ${write}`, `after ${write}`]),
  ])('that crashes %s ends as if it had not', async (crashAt) => {
    const { rig, seq } = await open(scenario);
    expect(await rig.run(seq, crashAt)).toBeUndefined();
    expect(await rig.run(seq)).toEqual(undisturbed.operation.outcome);
    expect(await endOf(rig, seq)).toEqual(undisturbed);
    expect(writesOf(rig).toSorted()).toEqual([...writes].toSorted());
  });

  test.each(['resolve', 'plan', 'apply:0'])(
    'that was overtaken while it was down after %s writes nothing more, and starts its successor',
    async (step) => {
      const { rig, seq } = await open(scenario);
      await rig.run(seq, `after the end of ${step}`);
      rig.commit(configMap('fix'));
      await rig.ask();
      rig.requests();
      expect(await rig.run(seq)).toMatchObject({ status: 'superseded' });
      expect([writesOf(rig), rig.started]).toEqual([[], [`shop-${seq + 1}`]]);
      expect(await rig.run(seq + 1)).toMatchObject({ status: 'synced' });
      expect(Object.keys(rig.cluster.contents())).toEqual(['ConfigMap/store/fix', 'Namespace/store']);
    },
  );
});
