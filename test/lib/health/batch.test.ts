import { condition, judged, kind, type Row } from './objects.ts';

const job = kind('batch/v1', 'Job');
const cronJob = kind('batch/v1', 'CronJob');

const jobs: readonly Row[] = [
  [
    'its pods are not started yet',
    job({ spec: { completions: 1 } }),
    'Progressing',
    'pods running: 0, succeeded: 0 of 1',
  ],
  [
    'a pod is running',
    job({ spec: { completions: 3 }, status: { active: 1, succeeded: 2 } }),
    'Progressing',
    'pods running: 1, succeeded: 2 of 3',
  ],
  [
    'any number of pods may succeed',
    job({ spec: {}, status: { active: 2 } }),
    'Progressing',
    'pods running: 2, succeeded: 0',
  ],
  [
    'it is complete',
    job({ status: { succeeded: 1, conditions: [condition('SuccessCriteriaMet=True'), condition('Complete=True')] } }),
    'Healthy',
    '',
  ],
  [
    'its last pods are still ending',
    job({ spec: { completions: 1 }, status: { succeeded: 1, conditions: [condition('SuccessCriteriaMet=True')] } }),
    'Progressing',
    'pods running: 0, succeeded: 1 of 1',
  ],
  [
    'it has failed',
    job({
      status: {
        failed: 7,
        conditions: [condition('Failed=True', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit')],
      },
    }),
    'Degraded',
    'Job has reached the specified backoff limit',
  ],
  [
    'it is about to fail',
    job({
      status: {
        conditions: [
          condition('FailureTarget=True', 'DeadlineExceeded', 'Job was active longer than specified deadline'),
        ],
      },
    }),
    'Degraded',
    'Job was active longer than specified deadline',
  ],
  [
    'it is suspended',
    job({ status: { conditions: [condition('Suspended=True', 'JobSuspended', 'Job suspended')] } }),
    'Suspended',
    'the job is suspended',
  ],
  [
    'it is suspended, and the controller has not seen it',
    job({ spec: { suspend: true } }),
    'Suspended',
    'the job is suspended',
  ],
  [
    'it was resumed and is running',
    job({
      spec: { suspend: false, completions: 1 },
      status: { active: 1, conditions: [condition('Suspended=False', 'JobResumed', 'Job resumed')] },
    }),
    'Progressing',
    'pods running: 1, succeeded: 0 of 1',
  ],
  [
    'its conditions say that nothing has happened',
    job({
      spec: { completions: 1 },
      status: { active: 1, conditions: [condition('Failed=False'), condition('Complete=False')] },
    }),
    'Progressing',
    'pods running: 1, succeeded: 0 of 1',
  ],
  [
    'it ended before it was suspended',
    job({ spec: { suspend: true }, status: { conditions: [condition('Complete=True')] } }),
    'Healthy',
    '',
  ],
];

test.each(jobs)('a Job where %s is judged', (...row) => {
  const [health, wanted] = judged(row);
  expect(health).toEqual(wanted);
});

const [monday, tuesday] = ['2026-09-07T02:00:00Z', '2026-09-08T02:00:00Z'];
const failedOnTuesday = { lastScheduleTime: tuesday, lastSuccessfulTime: monday };

const cronJobs: readonly Row[] = [
  ['it has never run', cronJob({ status: {} }), 'Healthy', ''],
  ['it has no status', cronJob({}), 'Healthy', ''],
  [
    'it is suspended',
    cronJob({ spec: { suspend: true }, status: failedOnTuesday }),
    'Healthy',
    'suspended: no runs are scheduled',
  ],
  [
    'its last run succeeded',
    cronJob({ status: { lastScheduleTime: monday, lastSuccessfulTime: tuesday } }),
    'Healthy',
    '',
  ],
  ['it is running', cronJob({ status: { ...failedOnTuesday, active: [{ name: 'api-1' }] } }), 'Healthy', ''],
  [
    'no run has succeeded yet',
    cronJob({ status: { lastScheduleTime: monday } }),
    'Healthy',
    'no run has succeeded yet',
  ],
  [
    'its last run did not succeed',
    cronJob({ status: failedOnTuesday }),
    'Degraded',
    `the run of ${tuesday} did not succeed`,
  ],
];

test.each(cronJobs)('a CronJob where %s is judged', (...row) => {
  const [health, wanted] = judged(row);
  expect(health).toEqual(wanted);
});

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
