import { type Declare, outputOption, remoteVerb } from '../verb.ts';

export const declareAdopt: Declare = (program, finish) => {
  remoteVerb(program, {
    name: 'adopt',
    description: 'take over objects of another deployer, or of an application that is not configured',
    examples: ['shop --from old-deployer --wait', 'shop', '--all --from old-deployer'],
  })
    .argument('[app]', 'name of the application that takes over what its Git holds')
    .option('--from <deployer>', 'identity of the deployer whose objects are taken over')
    .option('--all', 'take over for all applications, and note the present identity in place of the one of --from')
    .option('--wait', 'wait for the end of the operation and print its outcome')
    .addOption(outputOption())
    .action(async (app, options) => finish(await (await import('./run.ts')).adopt(app, options)));
};
