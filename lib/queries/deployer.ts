// In: the deployer's identity. Out: why nothing is deployed or scanned, where the state table belongs to another identity.
import type { DriftlessError } from '../errors.ts';
import { deployerChanged } from '../operations/deployer-changed.ts';
import type { StateStore } from '../ports/store.ts';

/** Beside what is answered; empty where the deployer may write. */
export type DeployerProblem = { readonly deployer?: Pick<DriftlessError, 'code' | 'message' | 'hint'> };

/** What keeps the deployer from every operation and scan. */
export async function deployerProblem(ports: {
  readonly state: StateStore;
  readonly deployer: string;
}): Promise<DeployerProblem> {
  const changed = await deployerChanged(ports);
  if (changed === undefined) return {};
  const { code, message, hint } = changed;
  return { deployer: { code, message, hint } };
}
