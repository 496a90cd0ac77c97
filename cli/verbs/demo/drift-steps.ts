// Manual changes with kubectl, and the scans that find them. In: applications in sync. Out: the outcome of the step; a change that the scan does not find, or
// handles differently from the application's setting, has another outcome.
import { DriftlessError } from '../../../lib/errors.ts';
import type { DriftRecord } from '../../../lib/model/drift.ts';
import type { Operation } from '../../../lib/model/operation.ts';
import { formatObject } from '../../text/drift-text.ts';
import { ended, NAMESPACE, newest, type TourPorts } from './look.ts';

/** A Deployment and its Service change manually; a scan finds the drift, and an operation corrects it. */
export async function driftRepaired(ports: TourPorts): Promise<Operation> {
  const { say, deployer } = ports;
  say('\n6. Manual changes in api: a scan finds what changed and who changed it; an operation corrects it');
  const before = await newest(ports);
  await byHand(ports, 'scale', 'deployment/api', '--replicas=1');
  await byHand(ports, 'delete', 'service/api');
  await scanAndSay(ports, 'api');
  const operation = await ended(ports, 'api', before.get('api') ?? 0);
  say(`   api    ${operation.outcome?.status}: ${operation.outcome?.message}`);
  await deployer.scan();
  const after = await deployer.state.drift('api');
  if (after?.status !== 'InSync')
    throw new DriftlessError('Internal', `demo step drift-repaired left api ${after?.status}`);
  say('   Scanned again: in sync.');
  return operation;
}

/** The same where drift is only reported: nothing is written. */
export async function driftReported(ports: TourPorts): Promise<{ readonly status: string; readonly message: string }> {
  const { say } = ports;
  say('\n7. The same in cache, whose drift is only reported: the scan shows it and changes nothing');
  const before = await newest(ports);
  await byHand(ports, 'scale', 'statefulset/cache', '--replicas=3');
  await byHand(ports, 'delete', 'service/cache');
  const { objects } = await scanAndSay(ports, 'cache');
  const asked = (await newest(ports)).get('cache') !== before.get('cache');
  const { replicas, service } = await liveCache(ports);
  const isLeft = replicas === 3 && !service && !asked;
  if (!isLeft)
    return { status: 'changed', message: `${replicas} replicas, the Service is ${service ? '' : 'not '}there` };
  say('   The manual changes stay in the cluster.');
  const isReported = objects.length === 2 && objects.every(({ handling }) => handling === 'report');
  return { status: isReported ? 'reported' : 'missed', message: `${objects.length} objects were found` };
}

async function byHand({ kubectl, say }: TourPorts, ...args: readonly string[]): Promise<void> {
  say(`   $ kubectl ${args.join(' ')}`);
  await kubectl('--namespace', NAMESPACE, ...args);
}

/** Scans immediately instead of waiting for the schedule. */
async function scanAndSay({ deployer, say }: TourPorts, app: string): Promise<DriftRecord> {
  const { ms } = await deployer.scan();
  const record = await deployer.state.drift(app);
  if (record?.status !== 'Drifted') throw new DriftlessError('Internal', `demo: the scan found nothing in ${app}`);
  say(`   A scan of ${ms} ms finds:`);
  const lines = record.objects.flatMap((object) => formatObject(object, Date.now()));
  for (const line of lines) say(`     ${line}`);
  return record;
}

async function liveCache({ cluster }: TourPorts): Promise<{ readonly replicas: unknown; readonly service: boolean }> {
  const [sets, services] = await Promise.all([cluster.kind('apps/v1', 'StatefulSet'), cluster.kind('v1', 'Service')]);
  const id = { namespace: NAMESPACE, name: 'cache' };
  const set = sets && (await cluster.get(sets, { group: 'apps', kind: 'StatefulSet', ...id }));
  const service = services && (await cluster.get(services, { group: '', kind: 'Service', ...id }));
  const { spec } = set ?? {};
  const replicas = typeof spec === 'object' && spec !== null && 'replicas' in spec ? spec.replicas : undefined;
  return { replicas, service: service !== undefined };
}
