import { DriftlessError, type ErrorCode } from '../../../lib/errors.ts';
import { journalRig } from '../../dev/journal/rig.ts';

const rig = journalRig();

describe('a step that fails with an error worth a retry', () => {
  test.each([
    ['once is tried again', 1, 'fetched', 2],
    ['five times is tried again each time', 5, 'fetched', 6],
    ['six times is given up', 6, 'GitUnreachable', 6],
  ])('%s', async (_what, failures, expected, runs) => {
    let count = 0;
    const { result, log } = await rig.outcome(async (flow) => {
      const work = async () => {
        count += 1;
        if (count <= failures) throw new DriftlessError('GitUnreachable', 'no route to git.example');
        return 'fetched';
      };
      return await flow.step('fetch', work).catch((error: DriftlessError) => error.code);
    });
    expect([result, count]).toEqual([expected, runs]);
    expect(log.lines).toHaveLength(runs - 1);
  });

  test('waits 1, 2, 4, 8, 16 seconds or, by chance, down to the half', async () => {
    const times: number[] = [];
    await rig.outcome((flow, clock) =>
      flow
        .step('fetch', async () => {
          times.push(clock.monotonic() / 1000);
          throw new DriftlessError('GitUnreachable', 'no route to git.example');
        })
        .catch(() => undefined),
    );
    const waits = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    expect(waits.map((wait, i) => wait <= 2 ** i && wait >= 2 ** i / 2)).toEqual([true, true, true, true, true]);
  });

  test('is logged with what failed and when it is tried again', async () => {
    let failed = false;
    const { log } = await rig.outcome((flow) =>
      flow.step('fetch', async () => {
        if (failed) return 'fetched';
        failed = true;
        throw new DriftlessError('GitUnreachable', 'no route to git.example');
      }),
    );
    expect(log.lines).toEqual([
      {
        level: 'warn',
        message: 'step failed and will be retried',
        execution: 'shop-1',
        step: 'fetch',
        attempts: 1,
        seconds: 1,
        code: 'GitUnreachable',
        error: 'no route to git.example',
      },
    ]);
  });
});

describe('a poll whose run fails', () => {
  test('with an error worth a retry goes on from the state it had', async () => {
    let failures = 0;
    const { result } = await rig.outcome((flow) =>
      flow.poll('health', { seen: 0 }, async ({ seen }) => {
        if (seen === 1 && failures < 5) {
          failures += 1;
          throw new DriftlessError('ApiServerUnreachable', 'connection refused');
        }
        return seen < 2 ? { state: { seen: seen + 1 }, nextSeconds: 1 } : { state: { seen } };
      }),
    );
    expect(result).toEqual({ seen: 2 });
    expect(failures).toBe(5);
  });

  test.each<[string, ErrorCode, number]>([
    ['six times in a row throws the error', 'ApiServerUnreachable', 6],
    ['with an error that stays throws it at once', 'ClusterAccessDenied', 1],
  ])('%s', async (_what, code, runs) => {
    let count = 0;
    const { result } = await rig.outcome((flow) =>
      flow
        .poll('health', 0, async () => {
          count += 1;
          throw new DriftlessError(code, 'Deployment/shop/api: not readable');
        })
        .catch((error: DriftlessError) => ({ code: error.code, message: error.message })),
    );
    expect(result).toEqual({ code, message: 'Deployment/shop/api: not readable' });
    expect(count).toBe(runs);
  });
});
