// What cdk.json's context may say below the key `driftless`, value by value.
import { z } from 'zod';
import { isHarmlessGroup } from '../lib/projects/tenancy.ts';

/** Days that CloudWatch can keep logs for. */
const RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653] as const;

const said = (text: string) => ({
  error: ({ input }: { readonly input?: unknown }) => `${JSON.stringify(input)} ${text}`,
});
const matching = (pattern: RegExp, text: string) => z.string().regex(pattern, said(text));

const region = matching(/^[a-z]{2,}(?:-[a-z]+)+-\d{1,2}$/, 'is not an AWS region; write for example eu-central-1');
const account = matching(/^\d{12}$/, 'is not an account ID; write 12 digits in quotes');
const namespace = matching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'is not the name of a namespace');

const apiGroup = matching(/^[a-z0-9.-]{1,253}$/, 'is not an API group; write for example cert-manager.io').refine(
  isHarmlessGroup,
  said('hands out rights; use the tenancy "admin" for it'),
);

const cluster = z.strictObject({
  /** The cluster's name in EKS. */
  name: matching(/^[a-zA-Z0-9][\w-]{0,99}$/, 'is not the name of an EKS cluster'),
  region,
  /** The role in the cluster's account, which its stack creates; absent for a cluster in the deployer's own account. */
  roleArn: matching(
    /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@-]{1,64}$/,
    'is not the ARN of a role; write arn:aws:iam::<account>:role/<name>, without a path',
  ).exactOptional(),
  externalId: matching(
    /^[\w+=,.@:/-]{2,1224}$/,
    'is not an external id; write 2 to 1224 letters and digits',
  ).exactOptional(),
  /** Whether the API server is reached from within the worker's VPC only. */
  private: z.boolean().default(false),
  /** The cluster's security group, which is opened for the worker. */
  securityGroup: matching(/^sg-[0-9a-f]{8,17}$/, 'is not a security group; write sg-…').exactOptional(),
  /** What may be deployed: everything, what cannot become more than it is, or what is in these namespaces. */
  tenancy: z
    .union(
      [
        z.enum(['admin', 'cluster']),
        z.strictObject({ cluster: z.strictObject({ apiGroups: z.array(apiGroup).min(1) }) }),
        z.strictObject({ namespaces: z.array(namespace).min(1) }),
      ],
      { error: 'is neither "admin", "cluster", {"cluster": {"apiGroups": ["…"]}} nor {"namespaces": ["…"]}' },
    )
    .default('cluster'),
  /** False where the access entry is created elsewhere. */
  accessEntry: z.boolean().default(true),
  /** Whether the audit log in CloudWatch reports changes by others immediately; the cluster must have it enabled. */
  auditLog: z.boolean().default(false),
});

const worker = z.strictObject({
  vpc: matching(/^vpc-[0-9a-f]{8,17}$/, 'is not a VPC; write vpc-…'),
  availabilityZones: z.array(z.string().min(1)).min(1),
  subnets: z.array(matching(/^subnet-[0-9a-f]{8,17}$/, 'is not a subnet; write subnet-…')).min(1),
});

const minutes = (preset: number) =>
  z
    .int()
    .min(1, said('is too short; write at least 1 minute'))
    .max(1440, said('is too long; write at most 1440 minutes'))
    .default(preset);

const secretName = (text: string) => matching(/^[\w/+=.@-]{1,255}$/, text);

/** The form of the context. */
export const contextSchema = z.strictObject({
  /** The name of the stack, and the prefix of the names of its functions. */
  name: matching(/^[a-z][a-z0-9-]{1,18}[a-z0-9]$/, 'is not a name; write 3 to 20 of a-z, 0-9 and dashes').default(
    'driftless',
  ),
  region,
  /**
   * The deployer's identity, which each object that it writes carries; set it where another region may take over. By default <name>-<account>-<region>.
   */
  deployer: matching(
    /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/,
    'is not an identity; write at most 63 letters, digits, dots and dashes',
  ).exactOptional(),
  /** The deployer's account; required where clusters are in other accounts or regions. */
  account: account.exactOptional(),
  config: z.strictObject({
    // Not quoted in the message: it may contain credentials.
    url: z.string().regex(/^https:\/\/[^\s/@]+\/\S+$/, {
      error: 'is not the URL of a repository; write https://… without credentials',
    }),
    ref: matching(/^[^\s~^:?*[\\]+$/, 'is not a branch').default('main'),
    path: matching(/^([^\s/]+(\/[^\s/]+)*)?$/, 'is not a folder; write it without leading or trailing slash').default(
      '',
    ),
    /** Name, after the prefix, of the secret with its credentials; absent for a public repository. */
    secret: secretName('is not the name of a secret').exactOptional(),
  }),
  clusters: z.array(cluster).default([]),
  worker: worker.exactOptional(),
  domain: z
    .strictObject({
      name: matching(/^([a-z0-9-]+\.)+[a-z]{2,}$/, 'is not a domain; write for example deploy.example.com'),
      certificateArn: matching(
        /^arn:aws[a-z-]*:acm:[\w-]+:\d{12}:certificate\/\S+$/,
        'is not the ARN of a certificate',
      ),
    })
    .exactOptional(),
  alarms: z.strictObject({ email: z.email(said('is not an email address')) }).exactOptional(),
  scanMinutes: minutes(5),
  sweepMinutes: minutes(5),
  logRetentionDays: z.literal(RETENTION_DAYS, { error: `is not among ${RETENTION_DAYS.join(', ')}` }).default(30),
  throttle: z.strictObject({ rate: z.int().min(1), burst: z.int().min(1) }).default({ rate: 50, burst: 100 }),
  secrets: z
    .strictObject({
      webhook: secretName('is not the name of a secret').default('driftless/webhooks'),
      gitPrefix: secretName('is not a prefix of secret names').default('driftless/git/'),
    })
    .prefault({}),
  /** Whether table, bucket and key outlive the stack. */
  retain: z.boolean().default(true),
  /** Where the runbook is; alarms link to its headings. */
  runbook: z.string().min(1).default('docs/runbook.md'),
});

/** The settings of a deployment. */
export type Settings = z.infer<typeof contextSchema>;

export type ClusterSettings = Settings['clusters'][number];
