import { logNotifier, ToldAlarms } from '../../cli/dev/dev-ports.ts';
import { RecordingLog } from '../fakes/recording-log.ts';

test('alarms are in the state that the last event told', async () => {
  const alarms = new ToldAlarms();
  expect(await alarms.inAlarm(['a', 'b'])).toEqual([]);
  alarms.hear({ name: 'a', state: 'ALARM' });
  alarms.hear({ name: 'b', state: 'ALARM' });
  alarms.hear({ name: 'b', state: 'INSUFFICIENT_DATA' });
  expect(await alarms.inAlarm(['a', 'b', 'c'])).toEqual(['a']);
});

test('a notification is a line of the log, a warning where somebody should look', async () => {
  const log = new RecordingLog();
  const notifier = logNotifier(log);
  const at = '2026-01-01T00:00:00.000Z';
  await notifier.notify({ kind: 'drift.opened', at, app: 'shop', title: 'shop has drifted', lines: ['Service/a'] });
  await notifier.notify({ kind: 'cluster.reachable', at, cluster: 'prod', title: 'prod answers again', lines: [] });
  expect(log.lines).toEqual([
    {
      level: 'warn',
      message: 'notification',
      kind: 'drift.opened',
      app: 'shop',
      title: 'shop has drifted',
      lines: ['Service/a'],
    },
    { level: 'info', message: 'notification', kind: 'cluster.reachable', cluster: 'prod', title: 'prod answers again' },
  ]);
});
