import { startedWith } from '../../bench/deployer.ts';

test('the deployer under measurement has the heap of the deployer that npm run driftless starts', async () => {
  expect(await startedWith()).toEqual({
    flags: ['--max-semi-space-size=8', '--max-old-space-size=1024'],
    environment: { MALLOC_ARENA_MAX: '2' },
  });
});
