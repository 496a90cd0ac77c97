/** The environment of the functions: the stack sets these names, the wiring reads them. Nothing secret is among them, only where secrets are kept. */
export const ENV = {
  /** What the deployer's Kubernetes group is called, and the users of its projects before the colon. */
  name: 'DRIFTLESS_NAME',
  /** The deployer's own identity, which every object that it writes carries. */
  deployer: 'DRIFTLESS_DEPLOYER',
  /** Name of the state table. */
  table: 'DRIFTLESS_TABLE',
  /** Name of the bucket for renderings, plans and reports. */
  bucket: 'DRIFTLESS_BUCKET',
  /** Qualified ARN of the durable function that runs operations. */
  syncFunction: 'DRIFTLESS_SYNC_FUNCTION',
  /** Name of the function that renders. */
  renderFunction: 'DRIFTLESS_RENDER_FUNCTION',
  /** Name of the function that scans for drift, which an alarm or a person invokes. */
  driftFunction: 'DRIFTLESS_DRIFT_FUNCTION',
  /** Name of the function that sweeps, which a push to the configuration's repository invokes; without it the push waits for the schedule. */
  sweepFunction: 'DRIFTLESS_SWEEP_FUNCTION',
  /** Name of the function in the VPC that reaches private API servers; absent where there is none. */
  workerFunction: 'DRIFTLESS_WORKER_FUNCTION',
  /** ARN of the topic for notifications. */
  topic: 'DRIFTLESS_TOPIC',
  /** ARN of the secret with the webhook secrets of each forge, `{"github": ["…"], "gitlab": ["…"]}`, newest first. */
  webhookSecret: 'DRIFTLESS_WEBHOOK_SECRET',
  /** What the names of Git credentials in Secrets Manager begin with. */
  gitSecretPrefix: 'DRIFTLESS_GIT_SECRET_PREFIX',
  /** Where the configuration is: URL, ref and path of its repository. */
  configRepo: 'DRIFTLESS_CONFIG_REPO',
  configRef: 'DRIFTLESS_CONFIG_REF',
  configPath: 'DRIFTLESS_CONFIG_PATH',
  /** Name, after the prefix, of the secret with credentials for that repository; absent where anybody may read it. */
  configSecret: 'DRIFTLESS_CONFIG_SECRET',
  /** Folder of the kubectl and helm layer. */
  tools: 'DRIFTLESS_TOOLS',
} as const;

/** Functions of the stack; each is the file of that name in functions/. */
export const FUNCTIONS = ['webhook', 'sync', 'render', 'drift', 'sweep', 'alarm', 'api', 'inspect', 'worker'] as const;

export type FunctionName = (typeof FUNCTIONS)[number];

/** The role that the reader of live objects assumes in another account, beside the one that deploys there. */
export function readerRole(roleArn: string): string {
  return `${roleArn}-readers`;
}

/** Outputs of the stack, which `cdk deploy --outputs-file` writes into a file: what the command line reads there, or tells people of. */
export const OUTPUTS = {
  /** Where the HTTP API answers, without a path: what the verbs of the command line take as --url. */
  url: 'Url',
  /** ARN of the secret with the webhook secrets of each forge. */
  webhookSecret: 'WebhookSecret',
  /** What the names of Git credentials in Secrets Manager begin with. */
  gitSecretPrefix: 'GitSecretPrefix',
  /** ARNs of the policies for people: to look, and to give orders too. */
  readPolicy: 'ReadPolicy',
  operatePolicy: 'OperatePolicy',
  /** ARN of the policy to see what is live: logs, events and objects. */
  livePolicy: 'LivePolicy',
} as const;
