import { condition, judged, kind } from './objects.ts';

const pod = kind('v1', 'Pod');
const since = '2026-09-01T10:00:00Z';
const unschedulable = pod({
  status: {
    phase: 'Pending',
    conditions: [
      { ...condition('PodScheduled=False', 'Unschedulable', '0/3 nodes: insufficient cpu'), lastTransitionTime: since },
    ],
  },
});

test.each([
  ['for a minute is Progressing, since an autoscaler may help', 60, 'Progressing'],
  ['for six minutes is Degraded', 360, 'Degraded'],
  ['for a time that nobody measures is Progressing', undefined, 'Progressing'],
] as const)('a Pod that cannot be scheduled %s', (_title, seconds, status) => {
  const context = seconds === undefined ? {} : { now: Date.parse(since) + seconds * 1000 };
  const [health, wanted] = judged(['', unschedulable, status, 'Unschedulable: 0/3 nodes: insufficient cpu'], context);
  expect(health).toEqual(wanted);
});
