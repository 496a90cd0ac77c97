// The command line as it is documented: verbs, arguments, options. What a verb returns is the exit code; what it throws is for the caller.
import { Command, InvalidArgumentError, Option } from 'commander';
import { VERSION } from './version.ts';

const EXIT_CODES = `
Exit codes:
  0  nothing to report
  1  plan: there are differences; health: something is not healthy
  2  an error, also of the command line

Paths are relative to the folder that the command is called from.
Every verb and option is explained in docs/cli.md.`;

type Finish = (exitCode: number) => void;

/** Makes the command line; each verb's code is loaded when it runs, and its exit code handed to `finish`. */
export function createProgram(finish: Finish): Command {
  const program = new Command('driftless')
    .description('Serverless GitOps for Amazon EKS')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [verb]', 'print the help of a verb')
    .addHelpText('after', EXIT_CODES)
    .showHelpAfterError('hint: driftless --help lists the verbs')
    .exitOverride();

  for (const add of [addValidate, addRender, addPlan, addHealth, addDev, addDemo]) add(program, finish);
  return program;
}

function addValidate(program: Command, finish: Finish): void {
  verb(program, 'validate', 'check a configuration; every problem of every file is reported')
    .argument('<dir>', 'folder with configuration, or one file')
    .addOption(outputOption())
    .action(async (dir, options) => finish(await (await import('./verbs/validate.ts')).validate(dir, options)));
}

function addRender(program: Command, finish: Finish): void {
  verb(program, 'render', 'print the objects of a folder as they would be applied, in that order')
    .argument('<path>', 'folder with manifests, a kustomization or a chart')
    .option('--name <name>', 'name of the application and the Helm release (default: the folder’s name)')
    .option('--namespace <namespace>', 'for objects that name none (default: default)')
    .option('-f, --file <file>', 'take the options from the Application in this file')
    .option('--raw', 'print exactly what the renderer made, without our label or namespace')
    .addOption(
      new Option('--kube-version <version>', 'what charts see as the version of the cluster')
        .argParser(kubeVersion)
        .default('v1.36.0'),
    )
    .addOption(
      new Option('--api-versions <list>', 'what charts see as served, separated by commas')
        .argParser(commaSeparated)
        .default([], 'none'),
    )
    .addOption(outputOption('yaml'))
    .action(async (path, options) => finish(await (await import('./verbs/render.ts')).render(path, options)));
}

function addPlan(program: Command, finish: Finish): void {
  verb(program, 'plan', 'print what deploying a folder would change, by dry-runs on the API server')
    .argument('<path>', 'folder with manifests, a kustomization or a chart')
    .option('--name <name>', 'name of the application and the Helm release (default: the folder’s name)')
    .option('--namespace <namespace>', 'for objects that name none (default: default)')
    .option('-f, --file <file>', 'take the options from the Application in this file')
    .option('--kubeconfig <file>', 'how the cluster is reached (default: KUBECONFIG, or ~/.kube/config)')
    .option('--context <name>', 'context of the kubeconfig (default: the current one)')
    .addOption(outputOption())
    .action(async (path, options) => finish(await (await import('./verbs/plan.ts')).plan(path, options)));
}

function addHealth(program: Command, finish: Finish): void {
  verb(program, 'health', 'judge the health of the objects in a file')
    .requiredOption('-f, --file <file>', 'objects as kubectl get -o yaml prints them; - is standard input')
    .addOption(outputOption())
    .action(async (options) => finish(await (await import('./verbs/health.ts')).health(options)));
}

function addDev(program: Command, finish: Finish): void {
  verb(program, 'dev', 'run the whole deployer on this machine, until Ctrl-C')
    .requiredOption('--config <dir>', 'folder with the configuration; changes in it take effect at once')
    .option('--kubeconfig <file>', 'how the cluster is reached (default: a control plane of its own is started)')
    .option('--context <name>', 'context of the kubeconfig (default: the current one)')
    .addOption(
      new Option('--port <number>', 'where webhooks arrive; 0 takes a free port').argParser(portNumber).default(8080),
    )
    .option('--state <dir>', 'where state is kept', '.driftless')
    .option('--secrets <file>', 'secrets of webhooks and repositories (default: none, webhooks are off)')
    .addOption(new Option('--log <format>', 'how to log').choices(['text', 'json']).default('text'))
    .action(async (options) => finish(await (await import('./verbs/dev.ts')).dev(options)));
}

function addDemo(program: Command, finish: Finish): void {
  verb(program, 'demo', 'see it work: a Git server, a cluster and the deployer on this machine')
    .option('--once', 'end after the tour')
    .addOption(outputOption('text', ['text', 'json']))
    .action(async (options) => finish(await (await import('./verbs/demo.ts')).demo(options)));
}

function verb(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .helpOption('-h, --help', 'print this help')
    .showHelpAfterError(`hint: driftless ${name} --help explains the options`);
}

function outputOption(fallback = 'text', choices = ['text', 'yaml', 'json']): Option {
  return new Option('-o, --output <format>', 'output format').choices(choices).default(fallback);
}

function commaSeparated(list: string): readonly string[] {
  return list.split(',').filter((item) => item !== '');
}

function kubeVersion(text: string): string {
  if (/^v?\d+\.\d+(\.\d+)?([-+].+)?$/.test(text)) return text;
  throw new InvalidArgumentError('Write it as v1.36.0.');
}

function portNumber(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 65_535) return number;
  throw new InvalidArgumentError('Write a number from 0 (any free port) to 65535.');
}
