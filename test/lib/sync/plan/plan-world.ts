// Planning and applying on the fake cluster, without operation, lease or state.
import type { IgnoreRule, SyncOptions } from '../../../../lib/model/application.ts';
import type { InventoryEntry } from '../../../../lib/model/inventory.ts';
import { formatRef, type KubeObject } from '../../../../lib/model/kube-object.ts';
import { stagesOf } from '../../../../lib/order/stages.ts';
import { afterApply, writeAhead } from '../../../../lib/plan/inventory.ts';
import type { Plan, PlannedObject } from '../../../../lib/plan/planned.ts';
import { type Applied, type AppliedStage, applyStage } from '../../../../lib/sync/apply/apply-stage.ts';
import { planChanges } from '../../../../lib/sync/plan/plan-changes.ts';
import { FakeCluster } from '../../../fakes/cluster.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { applicationOf } from '../../render/fixture.ts';

const LEASE = { app: 'shop', seq: 1, fence: 1, expiresAt: '2026-01-01T00:01:00.000Z' };

export class PlanWorld {
  readonly cluster: FakeCluster;
  readonly clock = new ManualClock();
  readonly #sync: Partial<SyncOptions>;
  /** What the application ignores. */
  rules: readonly IgnoreRule[] = [];
  inventory: readonly InventoryEntry[] = [];
  /** Name of the operation. */
  operation = 'shop-1';

  constructor(sync: Partial<SyncOptions> = {}, ...namespaces: readonly string[]) {
    this.cluster = new FakeCluster(...(namespaces.length === 0 ? ['store'] : namespaces));
    this.#sync = sync;
  }

  /** The plan for these objects; the record of requests begins with it. */
  async plan(...objects: readonly KubeObject[]): Promise<Plan> {
    this.cluster.requests.length = 0;
    const base = applicationOf({});
    const drift = { ...base.drift, ignore: this.rules };
    const app = { ...base, drift, sync: { ...base.sync, ...this.#sync } };
    const manifests = objects.map((object, place) => ({ object, file: 'all.yaml', line: place + 1 }));
    return planChanges({ app, manifests, inventory: this.inventory }, this.cluster);
  }

  /** Applies every stage of a plan, and enters what was applied; the record of requests begins with it. */
  async apply(plan: Plan): Promise<AppliedStage> {
    this.cluster.requests.length = 0;
    const applied: Applied[] = [];
    this.inventory = writeAhead(this.inventory, plan);
    const lease = { guard: () => undefined, need: async () => LEASE };
    const ports = {
      cluster: this.cluster,
      clock: this.clock,
      lease,
      operation: this.operation,
      rules: this.rules,
      pruneProtected: this.#sync.pruneProtected ?? [],
    };
    for (const stage of stagesOf<PlannedObject>(plan.objects)) {
      const result = await applyStage(stage, ports);
      applied.push(...result.applied);
      this.inventory = afterApply(this.inventory, result.applied);
      if (result.refusals.length > 0) return { applied, refusals: result.refusals };
    }
    return { applied, refusals: [] };
  }

  async deploy(...objects: readonly KubeObject[]): Promise<void> {
    const plan = await this.plan(...objects);
    expect(plan.refusals).toEqual([]);
    await this.apply(plan);
  }
}

/** `created ConfigMap/store/a`, in the order of the plan. */
export function actionsOf({ objects, removals }: Pick<Plan, 'objects' | 'removals'>): readonly string[] {
  return [
    ...objects.map(({ action, id }) => `${action} ${formatRef(id)}`),
    ...removals.map(({ action, entry }) => `${action} ${formatRef(entry)}`),
  ];
}
