// The long run: `npm run soak -- [--pushes N]`. A deployer that has had 2,000 pushes may hold 10 MB more than after 200, and no more files than its times say.
// Exits with 1 where it holds more.
import { parseArgs } from 'node:util';
import { startControlPlane } from '../../dev/control-plane.ts';
import { type Look, soak } from './soak.ts';

const { values } = parseArgs({ options: { pushes: { type: 'string', default: '2000' } } });

/** So the history is full when it is first looked at: 90 days are 180 pushes. */
const DAYS = 0.5;
const FIRST = 200;
const MAX_GROWTH_BYTES = 10e6;
const MAX_FILES: Readonly<Record<string, number>> = {
  'blobs/rendered': 200,
  'blobs/plans': 200,
  'blobs/changes': 200,
  'journal/running': 0,
  'journal/ended': 40,
  render: 0,
};

const pushes = Math.max(FIRST + 1, Number(values.pushes));
const looks = [...new Set([FIRST, ...[0.25, 0.5, 0.75].map((part) => Math.round(part * pushes)), pushes])];
const controlPlane = await startControlPlane();
const began = performance.now();
try {
  const { kubeconfigPath: kubeconfig } = controlPlane;
  const end = await soak({ kubeconfig, pushes, days: DAYS, looks: looks.toSorted((a, b) => a - b) }, tell);
  const first = end.looks.find((look) => look.pushes === FIRST);
  const last = end.looks.at(-1);
  const growth = (last?.held ?? Number.POSITIVE_INFINITY) - (first?.held ?? 0);
  const tooMany = Object.entries(last?.files ?? {}).filter(([folder, count]) => count > (MAX_FILES[folder] ?? 0));
  const seconds = Math.round((performance.now() - began) / 1000);
  print(`${megabytes(growth)} MB more after ${pushes} pushes than after ${FIRST}; ${seconds} s`);
  print(`pushes ended ${[...end.statuses].join(', ')}; the rollback ended ${end.rollback}`);
  if (tooMany.length > 0) print(`too many files: ${JSON.stringify(tooMany)}`);
  if (growth > MAX_GROWTH_BYTES || tooMany.length > 0 || end.rollback !== 'rolledBack') process.exitCode = 1;
} finally {
  await controlPlane.stop();
}

function tell({ pushes: count, held, resident, files }: Look): void {
  print(`${count} pushes: ${megabytes(held)} MB held, ${megabytes(resident)} MB resident, ${JSON.stringify(files)}`);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
