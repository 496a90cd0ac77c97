import { judged, kind } from './objects.ts';

const cronJob = kind('batch/v1', 'CronJob');

const [monday, tuesday] = ['2026-09-07T02:00:00Z', '2026-09-08T02:00:00Z'];
const failedOnTuesday = { lastScheduleTime: tuesday, lastSuccessfulTime: monday };

test.each([
  ['failed before the change that is waited for', Date.parse(tuesday) + 1000, 'Healthy', ''],
  [
    'failed after the change that is waited for',
    Date.parse(tuesday) - 1000,
    'Degraded',
    `the run of ${tuesday} did not succeed`,
  ],
] as const)('a CronJob whose last run %s is judged', (_title, since, status, message) => {
  const [health, wanted] = judged(['', cronJob({ status: failedOnTuesday }), status, message], { since });
  expect(health).toEqual(wanted);
});
