// In: an application, and what is awaited of it. Out: what is lacking.
import type { ApplicationView } from '../../../lib/queries/application-view.ts';
import { applicationSeen, exitCodeOf, type Seen, viewedAs } from '../../exit-code.ts';

export type Awaited = {
  readonly sync: boolean;
  readonly health: boolean;
  readonly operation: boolean;
  readonly ignoreWaiting: boolean;
};

/** A line for each thing that is not as awaited; empty where everything is. */
export function lacking(view: ApplicationView, awaited: Awaited): readonly string[] {
  const { sync, health, lastOperation } = view;
  const isOpen = lastOperation !== undefined && lastOperation.phase !== 'done';
  const why = (reason: string | undefined): string => (reason === undefined || reason === '' ? '' : `, ${reason}`);
  return [
    ...(awaited.operation && isOpen ? [`operation ${lastOperation.seq} runs, ${lastOperation.phase}`] : []),
    ...(awaited.sync && !isInSync(view, awaited) ? [`sync is ${sync.status}${why(sync.reason)}`] : []),
    ...(awaited.health && !isHealthy(health) && !isNeverDeployed(view, awaited)
      ? [`health is ${health?.status ?? 'not known'}${why(health?.message)}`]
      : []),
  ];
}

/** What decides the exit code: of what is lacking at the end, the worst; what still runs is not well either. */
export function seenAtEnd(view: ApplicationView, awaited: Awaited): readonly Seen[] {
  if (lacking(view, awaited).length === 0) return ['well'];
  const seen = applicationSeen(viewedAs(view));
  return seen.map((one) => (one === 'unknown' || one === 'refused' ? one : 'notWell'));
}

function isInSync(view: ApplicationView, { ignoreWaiting }: Awaited): boolean {
  if (view.sync.status === 'Synced') return true;
  const [sync = 'notWell'] = applicationSeen(viewedAs(view));
  return sync === 'waiting' && exitCodeOf([sync], { ignoreWaiting }) === 0;
}

/** What waits to be deployed for the first time has no health to wait for. */
function isNeverDeployed(view: ApplicationView, awaited: Awaited): boolean {
  return awaited.ignoreWaiting && view.health === undefined && isInSync(view, awaited);
}

function isHealthy(health: ApplicationView['health']): boolean {
  return health?.status === 'Healthy' || health?.status === 'Suspended';
}
