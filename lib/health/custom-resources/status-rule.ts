// Rules as data: parts that look at conditions, words, flags and counts of a status. The first part that has an opinion decides; without one the object
// waits.
import { fieldAt } from '../../model/field-at.ts';
import type { Health, HealthStatus } from '../../model/health.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { firstMet, type Step, waiting } from '../by-conditions.ts';
import { conditionsOf } from '../conditions.ts';
import { healthy, judged, progressing, type Rule, suspended } from '../rule.ts';

/** A part of a rule: its opinion, if it has one. */
export type Part = {
  readonly opinion: (object: KubeObject) => Health | undefined;
  /** Holds even while the status is older than the change. */
  readonly early?: true;
  readonly steps?: readonly Step[];
};

/** For each health the words that mean it, parted by `|`; one that ends with `*` stands for all that begin so. Capitals do not count. */
type Words = Partial<Readonly<Record<HealthStatus, string>>>;

/** A rule of parts. */
export function rule(waitingFor: string, ...parts: readonly Part[]): Rule {
  const early = parts.filter((part) => part.early);
  const steps = parts.flatMap((part) => part.steps ?? []);
  return {
    ...(early.length > 0 && { early: (object) => firstOpinion(early, object) }),
    evaluate: (object) => firstOpinion(parts, object) ?? waiting(waitingFor, steps, object),
  };
}

/** Conditions in the order in which they count: `'Ready=False': 'Degraded'`. */
export function conditions(...steps: readonly Step[]): Part {
  return { steps, opinion: (object) => firstMet(steps, conditionsOf(object)) };
}

/** A word in the status. The message is the first of some other fields that is a text, else names the word. */
export function words(path: string, meanings: Words, ...messages: readonly string[]): Part {
  const known = Object.entries(meanings).flatMap(([status, list]) =>
    list.split('|').map((word) => ({ status: statusOf(status), word: word.toLowerCase() })),
  );
  return {
    opinion: (object) => {
      const word = fieldOf(object, path);
      if (typeof word !== 'string' || word === '') return undefined;
      const text = word.toLowerCase();
      const found = known.find((one) => one.word === text) ?? known.find((one) => isPrefixOf(one.word, text));
      if (found === undefined) return undefined;
      if (found.status === 'Healthy') return healthy();
      return judged(found.status, firstText(object, messages) ?? sentenceOf(path, word), word);
    },
  };
}

/** `phase is Failed`; several words are a sentence of their own. */
function sentenceOf(path: string, word: string): string {
  return word.includes(' ') ? word : `${path.split('.').at(-1)} is ${word}`;
}

/** A field that is true stops the object on purpose. */
export function stoppedBy(path: string): Part {
  const name = path.split('.').at(-1) ?? '';
  return {
    early: true,
    opinion: (object) =>
      fieldOf(object, path) === true
        ? suspended(`suspended by ${path}`, name === 'paused' ? 'Paused' : 'Suspended')
        : undefined,
  };
}

/** An annotation with this value stops the object on purpose. */
export function stoppedByAnnotation(name: string, value: string | RegExp): Part {
  return {
    early: true,
    opinion: ({ metadata: { annotations } }) => {
      const set = annotations?.[name];
      const stops = typeof value === 'string' ? set === value : set !== undefined && value.test(set);
      return stops ? suspended(`suspended by the annotation ${name}: ${set}`) : undefined;
    },
  };
}

/** A field that is there, and neither empty nor false, means a health; its text, or that of a field in it, is the message. */
export function present(path: string, status: HealthStatus, reason: string): Part {
  return {
    opinion: (object) => {
      const value = fieldOf(object, path);
      if (value === undefined || value === false || value === '') return undefined;
      if (status === 'Healthy') return healthy();
      return judged(status, firstText(object, [path, `${path}.message`, `${path}.description`]) ?? reason, reason);
    },
  };
}

/** Counts of a status that must reach what is wanted, in this order; a number that is absent counts as 0. */
export function counts(
  wanted: string,
  ...reached: readonly (readonly [path: string, what: string, reason: string])[]
): Part {
  return {
    opinion: (object) => {
      const total = numberOf(object, wanted) ?? (wanted.startsWith('spec.') ? 1 : undefined);
      if (total === undefined) return undefined;
      const open = reached.find(([path]) => (numberOf(object, path) ?? 0) < total);
      if (open === undefined) return undefined;
      const [path, what, reason] = open;
      return progressing(`${numberOf(object, path) ?? 0} of ${total} ${what}`, reason);
    },
  };
}

/** What nothing speaks against, once the controller has written a status. */
export const otherwiseHealthy: Part = {
  opinion: ({ status }) => (status === undefined ? undefined : healthy()),
};

/** Kinds to which no controller needs to give a status. */
export const alwaysHealthy: Part = { opinion: () => healthy() };

/** The value of a field, by its path. */
export function fieldOf(object: KubeObject, path: string): unknown {
  return fieldAt(object, ...path.split('.'));
}

/** A number of a status. */
export function numberOf(object: KubeObject, path: string): number | undefined {
  const value = fieldOf(object, path);
  return typeof value === 'number' ? value : undefined;
}

function firstOpinion(parts: readonly Part[], object: KubeObject): Health | undefined {
  for (const part of parts) {
    const health = part.opinion(object);
    if (health !== undefined) return health;
  }
  return undefined;
}

function firstText(object: KubeObject, paths: readonly string[]): string | undefined {
  return paths
    .map((path) => fieldOf(object, path))
    .find((value) => typeof value === 'string' && value !== '')
    ?.toString();
}

function isPrefixOf(word: string, text: string): boolean {
  return word.endsWith('*') && text.startsWith(word.slice(0, -1));
}

function statusOf(name: string): HealthStatus {
  return STATUSES.find((status) => status === name) ?? 'Unknown';
}

const STATUSES: readonly HealthStatus[] = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'];
