// In: the deployer's identity. Out: why it must neither write nor scan, where the state table belongs to another identity.
import { DriftlessError } from '../errors.ts';
import type { OwnershipStore } from '../ports/ownership.ts';

/** The error of a deployer whose identity is not the one that the table notes; undefined where it is, or none is noted yet. */
export async function deployerChanged({
  state,
  deployer,
}: {
  readonly state: Pick<OwnershipStore, 'noteDeployer'>;
  readonly deployer: string;
}): Promise<DriftlessError | undefined> {
  const noted = await state.noteDeployer(deployer);
  if (noted === deployer) return undefined;
  return new DriftlessError(
    'DeployerChanged',
    `deployer "${deployer}": the state table belongs to deployer "${noted}"; set it back, or note the new one: driftless adopt --all --from ${noted}`,
  );
}
