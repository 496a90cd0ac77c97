// The deployer in a process of its own, so that its CPU time and memory are its own. In: options as JSON in the first argument, then calls over
// the channel to its parent. Out: the answers. Ends with its parent.

import { validConfig } from '../cli/dev/config/config-folder.ts';
import { startDeployer } from '../cli/dev/wiring.ts';
import { parseConfig } from '../lib/config/parse-config.ts';
import type { Log } from '../lib/ports/runtime.ts';
import type { Call, ChildOptions, Usage } from './deployer.ts';

const quiet: Log = {
  info: () => undefined,
  warn: (message, fields) => void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
  error: (message, fields) => void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
  bind: () => quiet,
};

const options: ChildOptions = JSON.parse(process.argv[2] ?? '{}');
const deployer = await startDeployer({
  kubeconfig: { path: options.kubeconfig },
  stateDir: options.stateDir,
  port: 0,
  secrets: { webhooks: { github: [options.webhookSecret] }, repositories: {} },
  log: quiet,
});

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  const { maxRSS } = process.resourceUsage();
  return {
    cpuSeconds: (user + system) / 1e6,
    rssMB: process.memoryUsage.rss() / 1e6,
    peakRssMB: (maxRSS * 1024) / 1e6,
  };
}

async function answer({ verb, argument }: Call): Promise<unknown> {
  if (verb === 'usage') return usage();
  if (verb === 'load') return deployer.load(validConfig(parseConfig(new Map([['bench.yaml', argument]]))));
  return (await deployer.state.operations(argument, 1))[0];
}

process.on('message', async (call: Call) => {
  try {
    process.send?.({ id: call.id, value: await answer(call) });
  } catch (error) {
    process.send?.({ id: call.id, error: String(error) });
  }
});
process.once('disconnect', () => void deployer.stop().finally(() => process.exit(0)));
process.send?.({ id: 0, value: deployer.url });
