// The deployer as a process that a test may kill: reads its options from the first line of its standard input, prints its URL, and ends with
// its standard input.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { startDeployer } from '../../cli/dev/wiring.ts';
import type { Application } from '../../lib/model/application.ts';
import { createLog } from '../../lib/runtime/log.ts';

/** The first line, as JSON. */
export type ChildOptions = {
  readonly app: Application;
  readonly kubeconfig: string;
  readonly dynamoDbEndpoint: string;
  readonly stateDir: string;
  readonly secret: string;
  readonly leaseSeconds?: number;
};

const input = createInterface({ input: process.stdin });
const [line] = await once(input, 'line');
const { app, kubeconfig, secret, ...options }: ChildOptions = JSON.parse(line);
input.once('close', () => process.exit());
const deployer = await startDeployer({
  ...options,
  // Deployers that share a state are one installation.
  deployer: 'crash',
  kubeconfig: { text: kubeconfig },
  port: 0,
  secrets: { webhooks: { github: [secret] }, repositories: {} },
  log: createLog(({ level, message, fields }) => {
    process.stderr.write(`${JSON.stringify({ level, message, ...fields })}\n`);
  }),
});
await deployer.load({ applications: [app], projects: [], clusters: [], repositories: [] });
process.stdout.write(`${deployer.url}\n`);
