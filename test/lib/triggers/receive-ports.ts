import type { Application } from '../../../lib/model/application.ts';
import type { ApplicationRecord, OperationRequest } from '../../../lib/model/application-record.ts';
import type { Project } from '../../../lib/model/configuration.ts';
import type { Trigger } from '../../../lib/model/operation.ts';
import type { Git } from '../../../lib/ports/git.ts';
import type { Log } from '../../../lib/ports/runtime.ts';
import type { ReceivePorts } from '../../../lib/triggers/receive-push.ts';
import { stateStoreOf } from '../../fakes/state-store.ts';
import { NOW, SECRET } from '../webhook/deliveries.ts';

type Asked = { readonly app: string; readonly revision?: string; readonly trigger: Trigger };
type LogLine = { readonly level: string; readonly message: string; readonly [field: string]: unknown };

/** An application of the repository that GitHub's examples are about. */
export function exampleApp(name: string, ref: string, mode: Application['sync']['mode'] = 'auto'): Application {
  return {
    name,
    project: 'default',
    sources: [{ repo: 'https://github.com/Codertocat/Hello-World', ref, path: name }],
    destination: { cluster: 'local', namespace: name },
    sync: {
      mode,
      prune: true,
      pruneProtected: [],
      maxPrunePercent: 50,
      allowEmpty: false,
      createNamespace: false,
      force: false,
      recreate: false,
      timeoutSeconds: 600,
    },
    drift: { mode: 'correct' },
  };
}

const noGit: Git = {
  resolve: () => Promise.reject(new Error('git.resolve is not expected')),
  open: () => Promise.reject(new Error('git.open is not expected')),
};

/** The webhook edge's world in memory; what was done is recorded. */
export function fakeReceivePorts(situation: {
  readonly apps?: readonly Application[];
  readonly keys?: readonly string[];
  readonly request?: (asked: Asked) => Promise<OperationRequest>;
  readonly start?: (app: string, seq: number) => Promise<void>;
  readonly secrets?: () => Promise<readonly string[]>;
  readonly git?: Git;
  readonly projects?: readonly Project[];
  readonly applicationsOfRepo?: () => Promise<readonly ApplicationRecord[]>;
}) {
  const { apps = [], keys = ['github.com/codertocat/hello-world'], secrets = async () => [SECRET] } = situation;
  const asked: Asked[] = [];
  const started: string[] = [];
  const lines: LogLine[] = [];
  const records = apps.map((app) => ({ app, specHash: 'hash', desiredSeq: 0 }));
  const ports: ReceivePorts = {
    secrets: { webhookSecrets: secrets },
    projects: { declared: async () => ({ projects: situation.projects ?? [], clusters: [], changedAt: 0 }) },
    state: stateStoreOf({
      applicationsOfRepo: situation.applicationsOfRepo ?? (async (repo) => (keys.includes(repo) ? records : [])),
      request: async (app, wanted) => {
        asked.push({ app, ...wanted });
        return situation.request?.({ app, ...wanted }) ?? { seq: 7, start: true, alreadyAsked: false };
      },
    }),
    git: { distance: async () => undefined, ...(situation.git ?? noGit) },
    operations: {
      start: async (app, seq) => {
        started.push(`${app}-${seq}`);
        await situation.start?.(app, seq);
      },
    },
    clock: { now: () => NOW, sleep: () => new Promise(() => undefined) },
    log: recordingLog(lines, {}),
  };
  return { ports, asked, started, lines };
}

function recordingLog(lines: LogLine[], bound: Readonly<Record<string, unknown>>): Log {
  const write =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      lines.push({ level, message, ...bound, ...fields });
    };
  return {
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    bind: (fields) => recordingLog(lines, { ...bound, ...fields }),
  };
}
