// In: a cluster that a scan has reached. Out: its applications whose newest operation has failed since the cluster could not be reached are deployed now,
// rather than when their pause is over.
import { asDriftlessError } from '../errors.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { Log } from '../ports/runtime.ts';
import { type OperationInput, type RequestPorts, requestOperation } from './request-operation.ts';

type RetryPorts = RequestPorts & { readonly log: Log };

/** Requests the operations; a failure to do so is left to the sweep. */
export async function retryReached(records: readonly ApplicationRecord[], ports: RetryPorts): Promise<void> {
  for (const record of records.filter(hasMissedCluster)) {
    const { name: app } = record.app;
    try {
      const result = await requestOperation(record, await againOf(record, ports), ports);
      if (result.status !== 'blocked')
        ports.log.info('the cluster is there again', { app, operation: result.operation });
    } catch (thrown) {
      const { code, message } = asDriftlessError(thrown);
      ports.log.warn('could not request an operation', { app, code, reason: message });
    }
  }
}

function hasMissedCluster({ failure, desiredSeq }: ApplicationRecord): boolean {
  return failure?.code === 'ApiServerUnreachable' && failure.seq === desiredSeq;
}

/** An order of a person is repeated as it was; anything else deploys the newest commit. */
async function againOf({ app, failure }: ApplicationRecord, { state }: RetryPorts): Promise<OperationInput> {
  const failed = failure && (await state.operation(app.name, failure.seq));
  const { trigger } = failed ?? {};
  if (trigger?.kind === 'rollback' || trigger?.kind === 'adopt') return { trigger, gatesOf: 'drift' };
  return { trigger: { kind: 'sweep', by: 'scan' } };
}
