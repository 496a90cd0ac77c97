// A label selector in the syntax of Kubernetes: `team=a,env!=prod,tier in (web, api),!legacy`. In: its text. Out: whether labels fit. May go wrong: RequestInvalid,
// which names the part that is wrong. Pure.
import { DriftlessError } from '../errors.ts';

export type Labels = Readonly<Record<string, string>>;

type Requirement = (labels: Labels) => boolean;

const KEY = String.raw`(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?`;
const VALUE = `(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?`;
const EXISTS = new RegExp(`^(!?)\\s*(${KEY})$`);
const COMPARES = new RegExp(`^(${KEY})\\s*(==|=|!=)\\s*(${VALUE})$`);
const ORDERS = new RegExp(`^(${KEY})\\s*([<>])\\s*(-?\\d{1,15})$`);
const IS_IN = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const IS_VALUE = new RegExp(`^${VALUE}$`);

const MOST_CHARACTERS = 4_000;

/** Reads a selector; an empty one selects everything. */
export function parseSelector(text: string): (labels: Labels | undefined) => boolean {
  if (text.length > MOST_CHARACTERS) throw invalid(text.slice(0, 80));
  const requirements = text.trim() === '' ? [] : partsOf(text).map((part) => requirementOf(part.trim()));
  return (labels = {}) => requirements.every((fits) => fits(labels));
}

/** Splits at the commas outside of parentheses. */
function partsOf(text: string): readonly string[] {
  return text.split(/,(?![^(]*\))/);
}

function requirementOf(part: string): Requirement {
  const requirement = existence(part) ?? comparison(part) ?? order(part) ?? membership(part);
  if (requirement === undefined) throw invalid(part);
  return requirement;
}

function existence(part: string): Requirement | undefined {
  const [, not, key] = EXISTS.exec(part) ?? [];
  return key === undefined ? undefined : (labels) => Object.hasOwn(labels, key) === (not === '');
}

/** As in Kubernetes, what has no such label is unequal to every value. */
function comparison(part: string): Requirement | undefined {
  const [, key, operator, value] = COMPARES.exec(part) ?? [];
  if (key === undefined) return undefined;
  return (labels) => (valueAt(labels, key) === value) === (operator !== '!=');
}

function order(part: string): Requirement | undefined {
  const [, key, operator, bound] = ORDERS.exec(part) ?? [];
  if (key === undefined) return undefined;
  return (labels) => {
    const text = valueAt(labels, key);
    if (text === undefined || !/^-?\d{1,15}$/.test(text)) return false;
    return operator === '<' ? Number(text) < Number(bound) : Number(text) > Number(bound);
  };
}

function membership(part: string): Requirement | undefined {
  const [, key, operator, list] = IS_IN.exec(part) ?? [];
  if (key === undefined || list === undefined) return undefined;
  const values = list.split(',').map((value) => value.trim());
  if (!values.every((value) => IS_VALUE.test(value))) return undefined;
  return (labels) => {
    const value = valueAt(labels, key);
    return (value !== undefined && values.includes(value)) === (operator === 'in');
  };
}

function valueAt(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

function invalid(part: string): DriftlessError {
  return new DriftlessError(
    'RequestInvalid',
    `selector: ${JSON.stringify(part)} is no requirement; write team=a, env!=prod, tier in (web,api), tier notin (db), legacy or !legacy, with commas in between`,
  );
}
