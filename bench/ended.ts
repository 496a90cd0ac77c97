import { setTimeout } from 'node:timers/promises';
import type { Operation } from '../lib/model/operation.ts';
import type { BenchDeployer } from './deployer.ts';

const POLL_MS = 20;
const LIMIT_MS = 180_000;

/** The newest operation of an application, once it is this one or a later one, and has ended. */
export async function ended(deployer: BenchDeployer, app: string, seq: number): Promise<Operation> {
  const deadline = performance.now() + LIMIT_MS;
  while (performance.now() < deadline) {
    const operation = await deployer.newest(app);
    if (operation !== undefined && operation.seq >= seq && operation.phase === 'done') return good(operation);
    await setTimeout(POLL_MS);
  }
  throw new Error(`application ${app} did not come to the end of operation ${seq} within ${LIMIT_MS / 1000} s`);
}

/** A figure of something that failed would be worth nothing. */
function good(operation: Operation): Operation {
  const { status, message } = operation.outcome ?? {};
  if (status === 'synced' || status === 'unchanged') return operation;
  throw new Error(`operation ${operation.app}-${operation.seq} ended ${status}: ${message}`);
}
