import { renamesOf } from '../../../lib/config-repo/renames.ts';
import type { Application } from '../../../lib/model/application.ts';
import type { ApplicationRecord } from '../../../lib/model/application-record.ts';
import { applicationOf } from '../render/fixture.ts';

const app = (name: string, more: Partial<Application> = {}): Application => ({
  ...applicationOf({ path: 'deploy' }),
  name,
  ...more,
});
const recorded = (...apps: readonly Application[]): readonly ApplicationRecord[] =>
  apps.map((one) => ({ app: one, specHash: 'hash', desiredSeq: 0 }));
const from = (renamedFrom: string, more: Partial<Application> = {}) => app('new', { renamedFrom, ...more });
const elsewhere = { destination: { cluster: 'local', namespace: 'other' } };

test.each<[string, readonly Application[], readonly Application[], readonly (readonly [string, string])[]]>([
  ['one is gone and one is new, with the same sources and place', [app('old')], [app('new')], [['new', 'old']]],
  ['another one stays as it is', [app('old'), app('x')], [app('new'), app('x')], [['new', 'old']]],
  ['it goes to another namespace', [app('old')], [app('new', elsewhere)], []],
  ['it has another source', [app('old')], [app('new', { sources: applicationOf({ path: 'b' }).sources })], []],
  ['it is in another project', [app('old')], [app('new', { project: 'b' })], []],
  ['two are gone', [app('old'), app('older')], [app('new')], []],
  ['two are new', [app('old')], [app('new'), app('newer')], []],
  ['nothing is gone', [app('old')], [app('old'), app('new')], []],
  ['it says so, among others that change', [app('old'), app('x')], [from('old'), app('y')], [['new', 'old']]],
  ['it says so, and goes elsewhere', [app('old')], [from('old', elsewhere)], [['new', 'old']]],
  ['it says so, and is in another project', [app('old')], [from('old', { project: 'b' })], []],
  ['it names one that is still configured', [app('old')], [app('old'), from('old')], []],
  ['it names one that was never there', [app('old')], [from('odl')], []],
  ['two name the same', [app('old')], [from('old'), { ...from('old'), name: 'newer' }], [['new', 'old']]],
  ['it has been renamed before', [app('new')], [from('old')], []],
])('%s', (_case, before, after, renames) => {
  expect([...renamesOf(after, recorded(...before))]).toEqual(renames);
});
