import { Narrator } from '../../cli/verbs/demo/narrator.ts';

function narrate(scope: 'nothing' | 'stages' | 'everything'): { readonly said: string[]; readonly narrator: Narrator } {
  const said: string[] = [];
  const narrator = new Narrator((line) => said.push(line));
  narrator.tell(scope);
  return { said, narrator };
}

function deploy({ log }: Narrator, app: string): void {
  const bound = log.bind({ app });
  bound.info('finished stage', { stage: 'resolve', ms: 12 });
  bound.info('finished stage', { stage: 'apply:0', ms: 345 });
  bound.info('checked health', { status: 'waiting', reason: 'Deployment/a: 1 of 2' });
  bound.info('checked health', { status: 'healthy', reason: '' });
  bound.info('ended operation', { outcome: 'synced', reason: '1 created' });
}

const STAGES = [
  '   web    resolve          12 ms',
  '   web    apply           345 ms',
  '   web    waiting: Deployment/a: 1 of 2',
  '   web    healthy',
];

test.each([
  ['nothing', []],
  ['stages', STAGES],
  ['everything', [...STAGES, '   web    synced: 1 created']],
] as const)('of a deployment, %s is told', (scope, lines) => {
  const { said, narrator } = narrate(scope);
  deploy(narrator, 'web');
  expect(said).toEqual(lines);
});

test('an application that the commit does not concern is not spoken of during the tour', () => {
  const { said, narrator } = narrate('stages');
  const bound = narrator.log.bind({ app: 'api' });
  bound.info('finished stage', { stage: 'resolve', ms: 12 });
  bound.info('ended operation', { outcome: 'unchanged', reason: 'the commit changes nothing' });
  deploy(narrator, 'web');
  expect(said).toEqual(STAGES);
});
