// In: an object as people write it, and the objects of an application. Out: the one that is meant. May go wrong: ObjectUnknown, and RequestInvalid where several are.
import { DriftlessError } from '../errors.ts';
import { formatRef, type ObjectId } from '../model/kube-object.ts';

/** What people call kinds, beside their names and plurals. */
const SHORT: Readonly<Record<string, string>> = {
  po: 'pod',
  deploy: 'deployment',
  sts: 'statefulset',
  ds: 'daemonset',
  rs: 'replicaset',
  cj: 'cronjob',
  svc: 'service',
  cm: 'configmap',
  ing: 'ingress',
  pvc: 'persistentvolumeclaim',
  sa: 'serviceaccount',
  ns: 'namespace',
  hpa: 'horizontalpodautoscaler',
};

/** Objects that a message names. */
const NAMED = 5;

/** Finds `Deployment/api`, `deploy/shop/api` or `deployment.apps/shop/api`. */
export function findObject<T extends ObjectId>(written: string, app: string, objects: readonly T[]): T {
  const found = objects.filter((object) => isMeant(written, object));
  const [first, second] = found;
  if (first === undefined)
    throw new DriftlessError('ObjectUnknown', `Application/${app}: has no object ${JSON.stringify(written)}`);
  if (second === undefined) return first;
  const named = found.slice(0, NAMED).map(formatRef).join(', ');
  throw new DriftlessError(
    'RequestInvalid',
    `object ${JSON.stringify(written)}: is one of several; write ${named}${found.length > NAMED ? ', …' : ''} with its group where needed, as in deployment.apps/shop/api`,
  );
}

/** Whether an object is meant by what is written. */
export function isMeant(written: string, { group, kind, namespace, name }: ObjectId): boolean {
  const parts = written.split('/');
  const [type = '', ...path] = parts;
  const [word = '', ...groups] = type.toLowerCase().split('.');
  const isKind = kindsOf(word).includes(kind.toLowerCase());
  const isGroup = groups.length === 0 || groups.join('.') === group.toLowerCase();
  const isName = path.length === 1 ? path[0] === name : path.length === 2 && path[0] === namespace && path[1] === name;
  return isKind && isGroup && isName;
}

function kindsOf(word: string): readonly string[] {
  const plurals = [word.replace(/s$/, ''), word.replace(/es$/, ''), word.replace(/ies$/, 'y')];
  return [SHORT[word] ?? word, word, ...plurals];
}
