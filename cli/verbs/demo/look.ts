import { DriftlessError } from '../../../lib/errors.ts';
import type { Operation } from '../../../lib/model/operation.ts';
import type { Cluster } from '../../../lib/ports/cluster.ts';
import type { Deployer } from '../../dev/wiring.ts';
import type { Forge } from './forge.ts';
import type { Kubectl } from './kubectl.ts';
import type { Say } from './narrator.ts';

/** What the steps of the tour work with. */
export type TourPorts = {
  readonly forge: Forge;
  readonly deployer: Deployer;
  readonly cluster: Cluster;
  readonly kubectl: Kubectl;
  readonly say: Say;
};

/** Where the example is deployed to. */
export const NAMESPACE = 'shop';

const OPERATION_LIMIT_MS = 120_000;
const POLL_MS = 25;

/** The newest operation of each application. */
export async function newest({ deployer }: TourPorts): Promise<ReadonlyMap<string, number>> {
  return new Map((await deployer.state.applications()).map(({ app, desiredSeq }) => [app.name, desiredSeq]));
}

/** The first operation after this number, when it has ended. */
export async function ended({ deployer }: TourPorts, app: string, after: number): Promise<Operation> {
  const deadline = performance.now() + OPERATION_LIMIT_MS;
  while (performance.now() < deadline) {
    const operation = (await deployer.state.operations(app, 1))[0];
    if (operation !== undefined && operation.seq > after && operation.phase === 'done') return operation;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new DriftlessError('Internal', `demo: application ${app} did not finish within ${OPERATION_LIMIT_MS / 1000} s`);
}
