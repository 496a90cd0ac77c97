import { type Declare, outputOption, verb } from '../verb.ts';

export const declareHealth: Declare = (program, finish) => {
  verb(program, {
    name: 'health',
    description: 'assess the health of the objects in a file',
    examples: ['-f objects.yaml', '-f - < objects.yaml', '-f objects.yaml --config deploy'],
  })
    .requiredOption('-f, --file <file>', 'objects as kubectl get -o yaml prints them; - is standard input')
    .option('--config <dir>', 'folder with configuration files, or one file, with rules of health')
    .option('--cluster <name>', 'the Cluster whose rules count; needed only where several have some')
    .addOption(outputOption())
    .action(async (options) => finish(await (await import('./run.ts')).health(options)));
};
