// A configuration repository in memory, and a deployer that follows it with the real state store on a table in memory.
import { createHash } from 'node:crypto';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type FollowOutcome, type FollowPorts, followConfig } from '../../../lib/config-repo/follow.ts';
import type { ConfigSource } from '../../../lib/model/configuration-record.ts';
import type { ConfigStore } from '../../../lib/ports/store.ts';
import { createConfigStore } from '../../../lib/state/configuration.ts';
import type { ManualClock } from '../../fakes/manual-clock.ts';
import { openMemoryStore } from '../../fakes/memory-state-store.ts';
import type { RecordingLog } from '../../fakes/recording-log.ts';
import { snapshotOf, treeOf } from '../render/fixture.ts';

export const SOURCE: ConfigSource = { repo: 'https://git.test/acme/config', ref: 'main', path: 'config' };

export type ConfigWorld = {
  readonly ports: FollowPorts;
  readonly config: ConfigStore;
  readonly clock: ManualClock;
  readonly log: RecordingLog;
  /** `shop-2`, for each start of an operation. */
  readonly started: string[];
  /** What was asked of the Git server since the beginning: `resolve`, `open <revision>`. */
  readonly asked: string[];
  /** Makes a commit of these files the head; gives its id. */
  commit(files: Readonly<Record<string, string>>): string;
  follow(source?: Partial<ConfigSource>, ports?: Partial<FollowPorts>): Promise<FollowOutcome>;
  /** Makes the stored documents unreadable. */
  damage(): Promise<void>;
  /** Names of the applications that are deployed. */
  names(): Promise<readonly string[]>;
};

/** `open` gives each test a world of its own. */
export function withConfigWorld(): { open(): Promise<ConfigWorld> } {
  return {
    open: async () => {
      const { store: state, clock, client, table, log } = await openMemoryStore();
      // Opened for each call, as another process would: nothing that it remembers hides what is stored.
      const config = reopened(() => createConfigStore({ client, table, clock }));
      const commits = new Map<string, Readonly<Record<string, string>>>();
      const [started, asked]: [string[], string[]] = [[], []];
      let head = '';
      const git: FollowPorts['git'] = {
        resolve: async () => {
          asked.push('resolve');
          return head;
        },
        open: async (_repo, revision) => {
          asked.push(`open ${revision}`);
          return { ...snapshotOf(treeOf(commits.get(revision) ?? {})), revision };
        },
      };
      const operations = { start: async (app: string, seq: number) => void started.push(`${app}-${seq}`) };
      const ports: FollowPorts = { state, operations, log, git, config, clock, version: '1.0.0' };
      return {
        ports,
        config,
        clock,
        log,
        started,
        asked,
        commit: (files) => {
          head = createHash('sha1')
            .update(`${commits.size} ${JSON.stringify(files)}`)
            .digest('hex');
          commits.set(head, files);
          return head;
        },
        follow: (source = {}, changed = {}) => followConfig({ ...SOURCE, ...source }, { ...ports, ...changed }),
        damage: async () => {
          const chunks = {
            TableName: table,
            KeyConditionExpression: 'pk = :pk AND begins_with(sk, :doc)',
            ExpressionAttributeValues: { ':pk': 'CONFIG', ':doc': 'DOC#' },
          };
          const { Items = [] } = await client.send(new QueryCommand(chunks));
          for (const item of Items)
            await client.send(new PutCommand({ TableName: table, Item: { ...item, gz: Buffer.from('?') } }));
        },
        names: async () => (await state.applications()).map(({ app }) => app.name),
      };
    },
  };
}

function reopened(open: () => ConfigStore): ConfigStore {
  return {
    current: () => open().current(),
    replace: (next, over) => open().replace(next, over),
    mark: (next) => open().mark(next),
    report: () => open().report(),
    putReport: (report) => open().putReport(report),
  };
}

/** An application as YAML; what it says goes into its namespace. */
export function app(name: string, namespace = name): string {
  return [
    'apiVersion: driftless.dev/v1',
    'kind: Application',
    `metadata: { name: ${name} }`,
    'spec:',
    '  source: { repo: https://git.test/acme/shop, path: deploy }',
    `  destination: { namespace: ${namespace} }`,
    '',
  ].join('\n');
}

/** Files of a configuration with these applications, one file each. */
export function filesOf(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`config/${name}.yaml`, app(name)]));
}
