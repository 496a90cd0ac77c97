import { supervise } from '../../dev/supervise.ts';

/** A program that ends when it is told to. */
function program() {
  const end = Promise.withResolvers<string>();
  return { ended: end.promise, end: end.resolve, stop: async () => end.resolve('stopped') };
}

type Program = ReturnType<typeof program>;

/** A program that is looked after, with what was told of it; the starts come one after another. */
function kept(starts: readonly (Program | string)[]) {
  const told: string[] = [];
  const first = program();
  const rest = [...starts];
  const back = Array.from({ length: starts.length }, () => Promise.withResolvers<Program>());
  let backs = 0;
  const supervised = supervise(first, {
    secondMs: 0,
    again: async () => {
      const next = rest.shift() ?? 'nothing is left';
      if (typeof next === 'string') throw new Error(next);
      return next;
    },
    gone: (reason) => told.push(`gone: ${reason}`),
    back: async (next) => {
      told.push('back');
      back[backs]?.resolve(next);
      backs += 1;
    },
  });
  return { first, told, supervised, back: (place: number) => back[place]?.promise };
}

test('S12: a program that ends is started again, also when it ends again', async () => {
  const [second, third] = [program(), program()];
  const { first, told, supervised, back } = kept([second, third]);
  first.end('killed');
  await back(0);
  second.end('no memory');
  expect(await back(1)).toBe(third);
  expect(told).toEqual(['gone: killed', 'back', 'gone: no memory', 'back']);
  await supervised.stop();
  expect(await third.ended).toBe('stopped');
});

test('S12: one that does not start is tried again, and given up with the last reason', async () => {
  const { first, told, supervised } = kept(['no port', 'no port', 'no port', 'no port', 'no disk']);
  first.end('killed');
  expect(await supervised.givenUp).toBe('no disk (5 attempts to start it again)');
  expect(told).toEqual(['gone: killed']);
});

test('S12: one that ends at once after each start is given up', async () => {
  const programs = Array.from({ length: 5 }, program);
  const { first, supervised } = kept(programs);
  for (const one of [first, ...programs]) one.end('a broken disk');
  expect(await supervised.givenUp).toBe('a broken disk (5 attempts to start it again)');
});

test('one that is stopped is not started again, also while it starts', async () => {
  const running = kept([program()]);
  await running.supervised.stop();
  expect(running.told).toEqual([]);

  const second = program();
  const starting = kept([second]);
  starting.first.end('killed');
  await starting.supervised.stop();
  expect(starting.told).not.toContain('gone: stopped');
});

test('a program that never ends, since another has started it, does not keep its supervision from being stopped', async () => {
  const given = { ended: new Promise<string>(() => undefined), stop: async () => undefined };
  const supervision = { again: async () => given, gone: () => undefined, back: async () => undefined };
  await supervise(given, supervision).stop();
});
