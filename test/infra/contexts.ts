import { readFileSync } from 'node:fs';

export const CDK_JSON: { readonly context: Readonly<Record<string, unknown>> } = JSON.parse(
  readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'),
);

/** A context with everything that can be asked for. */
export const FULL = {
  region: 'eu-central-1',
  account: '111111111111',
  config: { url: 'https://github.com/acme/platform', path: 'driftless', secret: 'platform' },
  clusters: [
    { name: 'prod', region: 'eu-central-1', auditLog: true },
    {
      name: 'inner',
      region: 'eu-central-1',
      private: true,
      securityGroup: 'sg-0123456789abcdef0',
      tenancy: { namespaces: ['shop', 'payments'] },
    },
    { name: 'elsewhere', region: 'us-east-1' },
    {
      name: 'foreign',
      region: 'us-east-1',
      roleArn: 'arn:aws:iam::222222222222:role/driftless',
      externalId: 'an-external-id',
    },
    { name: 'given', region: 'eu-central-1', accessEntry: false },
  ],
  worker: {
    vpc: 'vpc-0123456789abcdef0',
    availabilityZones: ['eu-central-1a', 'eu-central-1b'],
    subnets: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  },
  domain: {
    name: 'deploy.example.com',
    certificateArn: 'arn:aws:acm:eu-central-1:111111111111:certificate/0000',
  },
  alarms: { email: 'ops@example.com' },
};

/** Every context whose stacks the tests look at. */
export const CONTEXTS = {
  everything: FULL,
  example: CDK_JSON.context['driftless'],
  'own runbook': { ...FULL, runbook: 'https://wiki.example.com/runbook', scanMinutes: 10 },
  'own throttle': { ...FULL, throttle: { rate: 5, burst: 10 } },
  'nothing retained': { region: 'eu-central-1', config: FULL.config, retain: false },
  'own schedules': { region: 'eu-central-1', config: FULL.config, scanMinutes: 1, sweepMinutes: 15 },
} as const;

export type ContextName = keyof typeof CONTEXTS;
