import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { EXIT, printError } from './output.ts';
import { VERSION } from './version.ts';

const program = new Command('driftless')
  .description('Serverless GitOps for Amazon EKS')
  .version(VERSION)
  .showHelpAfterError('(add --help for the options)')
  .exitOverride();

program
  .command('validate')
  .description('check a configuration; reports every problem in every file')
  .argument('<dir>', 'folder, or one file')
  .addOption(outputOption())
  .action(runs(async (dir, options) => (await import('./verbs/validate.ts')).validate(dir, options)));

program
  .command('render')
  .description('print what would be applied, in the order in which it would be')
  .argument('<path>', 'folder with manifests, a kustomization or a chart')
  .option('--name <name>', 'name of the application and the Helm release (default: name of the folder)')
  .option('--namespace <namespace>', 'namespace for objects that name none (default: default)')
  .option('-f, --file <file>', 'take the options from this Application')
  .option('--raw', 'print what the renderer made, without our label or namespace', false)
  .option('--kube-version <version>', 'what charts see as the version of the cluster', 'v1.36.0')
  .option('--api-versions <list>', 'what charts see as served, separated by commas', commaSeparated, [])
  .addOption(outputOption('yaml'))
  .action(runs(async (path, options) => (await import('./verbs/render.ts')).render(path, options)));

program
  .command('plan')
  .description('print what deploying a folder would change, by dry-runs on the API server; nothing is written')
  .argument('<path>', 'folder with manifests, a kustomization or a chart')
  .option('--name <name>', 'name of the application (default: name of the folder)')
  .option('--namespace <namespace>', 'namespace for objects that name none (default: default)')
  .option('-f, --file <file>', 'take the options from this Application')
  .option('--kubeconfig <file>', 'the cluster (default: KUBECONFIG, or ~/.kube/config)')
  .option('--context <name>', 'context of the kubeconfig')
  .addOption(outputOption())
  .action(runs(async (path, options) => (await import('./verbs/plan.ts')).plan(path, options)));

program
  .command('health')
  .description('judge the health of the objects in a file')
  .requiredOption('-f, --file <file>', 'manifests as kubectl get -o yaml prints them; - is standard input')
  .addOption(outputOption())
  .action(runs(async (options) => (await import('./verbs/health.ts')).health(options)));

program
  .command('dev')
  .description('run the whole deployer in one process')
  .requiredOption('--config <dir>', 'folder with the configuration; it is followed')
  .option('--kubeconfig <file>', 'the cluster (default: a control plane of its own is started)')
  .option('--context <name>', 'context of the kubeconfig')
  .option('--port <number>', 'port for webhooks', port, 8080)
  .option('--state <dir>', 'where state is kept', '.driftless')
  .option('--secrets <file>', 'secrets of webhooks and repositories; without it webhooks are off')
  .addOption(new Option('--log <format>', 'how to log').choices(['text', 'json']).default('text'))
  .action(runs(async (options) => (await import('./verbs/dev.ts')).dev(options)));

program
  .command('demo')
  .description('the deployer with a Git server, a cluster and an example, shown at work')
  .option('--once', 'end after the tour', false)
  .addOption(new Option('-o, --output <format>', 'output format').choices(['text', 'json']).default('text'))
  .action(runs(async (options) => (await import('./verbs/demo.ts')).demo(options)));

/** Makes an action of a verb: what it returns is the exit code, what it throws is printed. */
function runs<A extends readonly unknown[]>(verb: (...args: A) => Promise<number>): (...args: A) => Promise<void> {
  return async (...args) => {
    try {
      process.exitCode = await verb(...args);
    } catch (error) {
      printError(error);
      process.exitCode = EXIT.error;
    }
  };
}

function outputOption(fallback = 'text'): Option {
  return new Option('-o, --output <format>', 'output format').choices(['json', 'yaml', 'text']).default(fallback);
}

function commaSeparated(list: string): readonly string[] {
  return list.split(',').filter((item) => item !== '');
}

function port(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  throw new InvalidArgumentError('name a number from 0 (any free port) to 65535.');
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.error;
}
