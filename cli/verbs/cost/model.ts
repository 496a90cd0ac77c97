// In: how much there is to deploy. Out: what that costs a month at list prices, item by item, and what others cost for the same. Pure.
import { HOURS_A_MONTH, PRICES } from './prices.ts';
import { ASSUMED } from './usage.ts';

export type Workload = {
  readonly apps: number;
  /** In all applications together. */
  readonly objects: number;
  readonly clusters: number;
  /** Pushes a day that deploy an application. */
  readonly pushes: number;
  readonly scanEverySeconds: number;
  /** How long a scan of everything takes; absent: as modelled. */
  readonly scanSeconds?: number;
};

/** What it is for. */
export const PURPOSES = ['scan', 'sweep', 'deploy', 'standing'] as const;

export type Purpose = (typeof PURPOSES)[number];

type Price = Exclude<keyof typeof PRICES, 'region' | 'date'>;

type CostItem = {
  readonly purpose: Purpose;
  readonly what: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly usd: number;
};

/** Something else that would do the same, as far as it is comparable. */
type Alternative = { readonly name: string; readonly usd: number };

export type Cost = {
  readonly items: readonly CostItem[];
  readonly subtotals: Readonly<Record<Purpose, number>>;
  readonly total: number;
  readonly alternatives: readonly Alternative[];
};

const SECONDS_A_MONTH = HOURS_A_MONTH * 3600;
const DAYS_A_MONTH = HOURS_A_MONTH / 24;
const GB = 1e9;

/** The cost of a month. */
export function costOf(workload: Workload): Cost {
  const items = [...scanning(workload), ...sweeping(workload), ...deploying(workload), ...standing(workload)];
  const sumOf = (purpose: Purpose): number => sum(items.filter((item) => item.purpose === purpose));
  return {
    items,
    subtotals: {
      scan: sumOf('scan'),
      sweep: sumOf('sweep'),
      deploy: sumOf('deploy'),
      standing: sumOf('standing'),
    },
    total: sum(items),
    alternatives: alternativesTo(workload),
  };
}

/** How long a scan takes, unless it was measured. */
export function modelledScanSeconds({ objects }: Pick<Workload, 'objects'>): number {
  return ASSUMED.scan.seconds + (objects / 1000) * ASSUMED.scan.secondsPer1000Objects;
}

function scanning(workload: Workload): readonly CostItem[] {
  const { scan } = ASSUMED;
  const { apps, objects, clusters, scanEverySeconds } = workload;
  const scans = SECONDS_A_MONTH / scanEverySeconds;
  const fullChecks = DAYS_A_MONTH * (objects / 1000) * scan.fullCheckSecondsPer1000Objects;
  const seconds = scans * (workload.scanSeconds ?? modelledScanSeconds(workload)) + fullChecks;
  const item = itemsFor('scan');
  return [
    item('Lambda GB-seconds (arm64)', seconds * scan.memoryGB, 'lambdaArm'),
    item('Lambda requests', scans, 'lambdaRequest'),
    item('schedules', scans, 'schedule'),
    item('table reads', scans * (apps * scan.readsPerApplication + clusters * scan.readsPerCluster), 'tableRead'),
    item('table writes', scans * clusters * scan.writesPerCluster, 'tableWrite'),
    item('bucket writes', scans * clusters * scan.putsPerCluster, 'bucketPut'),
    item('bucket reads', scans * clusters * scan.getsPerCluster, 'bucketGet'),
    item('logs, GB', (scans * scan.logBytes) / GB, 'logs'),
    item('traces', scans, 'trace'),
  ];
}

function sweeping({ apps }: Workload): readonly CostItem[] {
  const { sweep } = ASSUMED;
  const sweeps = SECONDS_A_MONTH / sweep.everySeconds;
  const seconds = sweeps * (sweep.seconds + apps * sweep.secondsPerApplication);
  const item = itemsFor('sweep');
  return [
    item('Lambda GB-seconds (arm64)', seconds * sweep.memoryGB, 'lambdaArm'),
    item('Lambda requests', sweeps, 'lambdaRequest'),
    item('schedules', sweeps, 'schedule'),
    item('table reads', sweeps * (apps * sweep.readsPerApplication + sweep.reads), 'tableRead'),
    item('logs, GB', (sweeps * sweep.logBytes) / GB, 'logs'),
    item('traces', sweeps, 'trace'),
  ];
}

function deploying({ pushes }: Workload): readonly CostItem[] {
  const { deployment: one } = ASSUMED;
  const deployments = pushes * DAYS_A_MONTH;
  const arm = one.webhook.memoryGB * one.webhook.seconds + one.sync.memoryGB * one.sync.seconds;
  const item = itemsFor('deploy');
  return [
    item('Lambda GB-seconds (arm64)', deployments * arm, 'lambdaArm'),
    item('Lambda GB-seconds (x86)', deployments * one.render.memoryGB * one.render.seconds, 'lambdaX86'),
    item('Lambda requests', deployments * one.invocations, 'lambdaRequest'),
    item('durable operations', deployments * one.durableOperations, 'durableOperation'),
    item('HTTP API requests', deployments, 'httpRequest'),
    item('table reads', deployments * one.reads, 'tableRead'),
    item('table writes', deployments * one.writes, 'tableWrite'),
    item('bucket writes', deployments * one.puts, 'bucketPut'),
    item('bucket reads', deployments * one.gets, 'bucketGet'),
    item('logs, GB', (deployments * one.logBytes) / GB, 'logs'),
    item('traces', deployments * one.invocations, 'trace'),
  ];
}

function standing({ apps }: Workload): readonly CostItem[] {
  const { standing: kept } = ASSUMED;
  const item = itemsFor('standing');
  return [
    item('metrics', kept.metrics, 'metric'),
    item('alarms, each metric of one', kept.alarmedMetrics, 'alarm'),
    item('dashboards', kept.dashboards, 'dashboard'),
    item('secrets', kept.secrets, 'secret'),
    item('keys', kept.keys, 'key'),
    item('table storage, GB', (apps * kept.kBPerApplication * 1000) / GB, 'tableStorage'),
  ];
}

function itemsFor(purpose: Purpose): (what: string, quantity: number, price: Price) => CostItem {
  return (what, quantity, price) => {
    const unitPrice = PRICES[price];
    return { purpose, what, quantity, unitPrice, usd: quantity * unitPrice };
  };
}

function alternativesTo({ apps }: Workload): readonly Alternative[] {
  const { argoCapability, argoCapabilityApplication, node, controlPlane } = PRICES;
  const monthly = (name: string, hourly: number): Alternative => ({ name, usd: hourly * HOURS_A_MONTH });
  return [
    monthly('EKS Capability for Argo CD', argoCapability + apps * argoCapabilityApplication),
    monthly('Argo CD of your own, one node', node),
    monthly('Argo CD of your own, two nodes', 2 * node),
    monthly('Argo CD of your own, two nodes, own cluster', 2 * node + controlPlane),
  ];
}

function sum(items: readonly CostItem[]): number {
  return items.reduce((total, { usd }) => total + usd, 0);
}
