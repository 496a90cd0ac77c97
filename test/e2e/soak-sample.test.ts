// A sample of `npm run soak`: more than a year of pushes to a deployer that is never restarted.
import { soak } from '../soak/soak.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';

test('G2: what a deployer of `driftless dev` keeps is bounded by its times, and the rollback after a year still works', async () => {
  // Ninety days of history are nine pushes, and fourteen of the journal are one; it is cleaned up before each look.
  const options = { kubeconfig: kubeconfigPath(), pushes: 40, days: 10, looks: [20, 40] };
  const { looks, statuses, rollback } = await soak(options);
  expect([[...statuses], rollback]).toEqual([['synced'], 'rolledBack']);
  for (const { files } of looks) {
    for (const folder of ['rendered', 'plans', 'changes']) expect(files[`blobs/${folder}`]).toBeLessThanOrEqual(12);
    expect(files['journal/ended']).toBeLessThanOrEqual(4);
    expect([files['journal/running'], files['render']]).toEqual([0, 0]);
  }
}, 120_000);
