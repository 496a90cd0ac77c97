// In: a cluster that a scan has reached. Out: its applications whose newest operation has failed since the cluster could not be reached are deployed now,
// rather than when their pause is over.
import { mapBounded } from '../../async/map-bounded.ts';
import { asDriftlessError } from '../../errors.ts';
import type { ApplicationRecord } from '../../model/application-record.ts';
import { type OperationInput, requestOperation } from '../../operations/request-operation.ts';
import type { DriftPorts } from '../scan-ports.ts';

const AT_ONCE = 16;

/** Requests the operations; a failure to do so is left to the sweep. */
export async function retryReached(records: readonly ApplicationRecord[], ports: DriftPorts): Promise<void> {
  await mapBounded(records.filter(hasMissedCluster), AT_ONCE, async (record) => {
    const { name: app } = record.app;
    try {
      const result = await requestOperation(record, await againOf(record, ports), ports);
      if (result.status !== 'blocked')
        ports.log.info('the cluster is there again', { app, operation: result.operation });
    } catch (thrown) {
      const { code, message } = asDriftlessError(thrown);
      ports.log.warn('could not request an operation', { app, code, reason: message });
    }
  });
}

function hasMissedCluster({ failure, desiredSeq }: ApplicationRecord): boolean {
  return failure?.code === 'ApiServerUnreachable' && failure.seq === desiredSeq;
}

/** An order of a person is repeated as it was; anything else deploys the newest commit. */
async function againOf({ app, failure }: ApplicationRecord, { state }: DriftPorts): Promise<OperationInput> {
  const failed = failure && (await state.operation(app.name, failure.seq));
  const { trigger } = failed ?? {};
  if (trigger?.kind === 'rollback' || trigger?.kind === 'adopt') return { trigger, gatesOf: 'drift' };
  return { trigger: { kind: 'sweep', by: 'scan' } };
}
