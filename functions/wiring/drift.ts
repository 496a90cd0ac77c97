import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { clientOptions } from '../../lib/aws/client-options.ts';
import { createEmfMetrics } from '../../lib/aws/emf-metrics.ts';
import { createLambdaOperations } from '../../lib/aws/lambda/lambda-operations.ts';
import { createS3Blobs } from '../../lib/blobs/s3-blobs.ts';
import { scanAll } from '../../lib/drift/scan-all.ts';
import { scanNamed } from '../../lib/drift/scan-now.ts';
import type { ScanSummary } from '../../lib/drift/scan-ports.ts';
import { ScanMemory } from '../../lib/drift/unchanged-index.ts';
import { asDriftlessError } from '../../lib/errors.ts';
import { type DiffRequest, diffLive, type LiveDiff } from '../../lib/inspect/diff/diff-live.ts';
import type { DriftRecord } from '../../lib/model/drift.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';
import { checkAudited, eksNameOf } from '../../lib/triggers/audit-event.ts';
import { readSettings } from '../environment.ts';
import { openClusters } from './clusters.ts';
import { log, openTable } from './lambda.ts';
import { openOutbox } from './outbox.ts';
import { projectsOf } from './projects.ts';

export type DriftFunction = {
  scan(request: { readonly withinMs: number; readonly clusters?: readonly string[] }): Promise<ScanSummary>;
  /** Checks what was written according to the audit log of a cluster in this account and region. */
  audit(event: unknown): Promise<readonly DriftRecord[]>;
  check(apps: readonly string[]): Promise<readonly DriftRecord[]>;
  /** Compares at once, and records nothing; an error is a value for the function that asks. */
  diff(
    request: DiffRequest,
  ): Promise<LiveDiff | { readonly error: { readonly code: string; readonly message: string } }>;
};

/** The composition of the drift function. */
export function wireDrift(environment: NodeJS.ProcessEnv): DriftFunction {
  const settings = readSettings('drift', environment);
  const { state, config } = openTable(settings);
  const lambda = new LambdaClient(clientOptions());
  const blobs = createS3Blobs({ client: new S3Client(clientOptions()), bucket: settings.bucket });
  const ports = {
    clusters: openClusters(settings, { config, lambda }),
    projects: projectsOf(config),
    state,
    blobs,
    memory: new ScanMemory(blobs, log),
    operations: createLambdaOperations({ client: lambda, functionArn: settings.syncFunction }),
    outbox: openOutbox(settings, state),
    metrics: createEmfMetrics(),
    clock: systemClock,
    log,
    deployer: settings.deployer,
  };
  return {
    scan: ({ withinMs, ...wanted }) => scanAll({ ...wanted, deadlineMs: systemClock.monotonic() + withinMs }, ports),
    audit: async (event) => {
      const declared = (await config.current())?.config.clusters ?? [];
      const clusterOf = (logGroup: string) =>
        declared.find(({ eks }) => eks?.region === settings.region && eks.name === eksNameOf(logGroup))?.name;
      return checkAudited(event, { clusterOf }, ports);
    },
    check: (apps) => scanNamed(apps, ports),
    diff: (request) =>
      diffLive(request, ports).catch((thrown: unknown) => {
        const { code, message } = asDriftlessError(thrown);
        return { error: { code, message } };
      }),
  };
}
