// The deployer in its account and region. Every permission of a function is in `grant`.
import { Aws, CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { OUTPUTS } from '../lib/config/env-names.ts';
import { ClusterAccess } from './constructs/access/cluster-access.ts';
import type { Access } from './constructs/access/grant.ts';
import { PeoplePolicies } from './constructs/access/people-policies.ts';
import { deadLetters as deadLettersOf } from './constructs/functions/dead-letters.ts';
import { DeployerFunctions } from './constructs/functions/deployer-functions.ts';
import { Schedules } from './constructs/functions/schedules.ts';
import { HttpEndpoint } from './constructs/http-endpoint.ts';
import { alarmEvents } from './constructs/observability/alarm-events.ts';
import { Alarms } from './constructs/observability/alarms.ts';
import { AuditLog } from './constructs/observability/audit-log.ts';
import { Notifications } from './constructs/observability/notifications.ts';
import { Overview } from './constructs/observability/overview.ts';
import { BlobBucket } from './constructs/storage/blob-bucket.ts';
import { EncryptionKey } from './constructs/storage/encryption-key.ts';
import { Secrets } from './constructs/storage/secrets.ts';
import { StateTable } from './constructs/storage/state-table.ts';
import type { Settings } from './context.ts';
import { acknowledgeWildcards } from './wildcards.ts';

type Parts = {
  readonly functions: DeployerFunctions;
  readonly table: StateTable;
  readonly blobs: BlobBucket;
  readonly secrets: Secrets;
  readonly notifications: Notifications;
};

/** All of the deployer. */
export class DriftlessStack extends Stack {
  constructor(scope: Construct, settings: Settings, bundles: string) {
    const { name, region, account, retain } = settings;
    super(scope, name, {
      env: { region, ...(account !== undefined && { account }) },
      description: 'Driftless: GitOps for Amazon EKS',
      terminationProtection: retain,
    });
    const key = new EncryptionKey(this, 'Key', { retain });
    const deadLetters = deadLettersOf(this, 'DeadLetters');
    const functions = new DeployerFunctions(this, 'Functions', { settings, bundles, deadLetters });
    const parts: Parts = {
      functions,
      table: new StateTable(this, 'State', { retain }),
      blobs: new BlobBucket(this, 'Blobs', { key, retain }),
      secrets: new Secrets(this, 'Secrets', { names: settings.secrets, configSecret: settings.config.secret, key }),
      notifications: new Notifications(this, 'Notifications', { key, email: settings.alarms?.email }),
    };
    grant(settings, parts);

    const { sync, drift, sweep, alarm, inspect } = functions;
    new ClusterAccess(this, 'Clusters', { settings, functions: [sync, drift, inspect] });
    const audited = settings.clusters.filter(({ auditLog }) => auditLog).map((cluster) => cluster.name);
    new AuditLog(this, 'AuditLog', { prefix: name, clusters: audited, drift });
    const http = new HttpEndpoint(this, 'Http', { ...settings, functions });
    const policies = new PeoplePolicies(this, 'People', { name, region, api: http.api });
    const every = [
      { target: drift, minutes: settings.scanMinutes },
      { target: sweep, minutes: settings.sweepMinutes },
    ];
    new Schedules(this, 'Schedules', { prefix: name, deadLetters, every });
    alarmEvents(this, 'AlarmEvents', { prefix: name, alarm, deadLetters });

    const watched = { functionNames: functions.all.map((each) => each.name), sync: sync.name, deadLetters };
    const { topic } = parts.notifications;
    const { alarms } = new Alarms(this, 'Alarms', { ...settings, ...watched, prefix: name, topic, api: http.api });
    new Overview(this, 'Overview', { ...watched, name, alarms });
    this.#addOutputs(parts, http, policies);
    acknowledgeWildcards(this);
  }

  #addOutputs(
    { functions, table, blobs, secrets, notifications }: Parts,
    http: HttpEndpoint,
    policies: PeoplePolicies,
  ): void {
    const outputs: Readonly<Record<string, string | undefined>> = {
      [OUTPUTS.url]: http.url,
      [OUTPUTS.webhookSecret]: secrets.webhook.secretArn,
      [OUTPUTS.gitSecretPrefix]: secrets.gitPrefix,
      ...policies.outputs(),
      Table: table.table.tableName,
      Bucket: blobs.bucket.bucketName,
      Topic: notifications.topic.topicArn,
      SyncRole: functions.sync.role.roleArn,
      DriftRole: functions.drift.role.roleArn,
      WorkerSecurityGroup: functions.network?.group.securityGroupId,
    };
    for (const [name, value] of Object.entries(outputs)) if (value !== undefined) new CfnOutput(this, name, { value });
  }
}

/** The permissions of each function. */
function grant(
  { config, name, deployer = `${name}-${Aws.ACCOUNT_ID}-${Aws.REGION}` }: Settings,
  { functions, table, blobs, secrets, notifications }: Parts,
): void {
  const { webhook, sync, render, drift, sweep, alarm, api, inspect } = functions;
  const configuration: Access = {
    environment: { configRepo: config.url, configRef: config.ref, configPath: config.path },
  };
  const describeAlarms: Access = { statements: [{ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }] };
  const operate = [table.use(), functions.start()];
  const identity: Access = { environment: { deployer } };
  // It reads the Git server too, to skip applications that a push does not affect.
  webhook.allow(...operate, configuration, secrets.verify(), secrets.git(), functions.call('sweep'));
  // It delivers the events that a crash left.
  sweep.allow(...operate, configuration, secrets.git(), notifications.publish());
  sync.allow(...operate, identity, configuration, secrets.git(), blobs.use(), describeAlarms);
  sync.allow(functions.call('render'), functions.call('worker'));
  drift.allow(...operate, identity, blobs.use(), notifications.publish(), functions.call('worker'));
  alarm.allow(...operate, notifications.publish(), functions.call('drift'));
  api.allow(...operate, identity, blobs.read(), functions.call('drift'));
  // It renders the head of Git to compare it, and writes neither to the table nor to a cluster.
  inspect.allow(table.read(), identity, configuration, secrets.git(), blobs.readAndAsk(), ...functions.inspected());
  render.allow(blobs.exchange());
}
