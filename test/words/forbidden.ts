// Words that text for users does not have, each with what to write instead.
type Forbidden = { readonly pattern: RegExp; readonly instead: string };

const FORBIDDEN: readonly Forbidden[] = [
  { pattern: /\b(some|any|every)body\b/i, instead: 'name the subject: a user, another field manager, everyone' },
  { pattern: /\bnobody\b/i, instead: 'name the subject, or "no one"' },
  { pattern: /\bwhoever\b/i, instead: 'name the subject' },
  { pattern: /\banew\b/i, instead: 'again, re-read, recreated' },
  { pattern: /\bonce more\b/i, instead: 'again' },
  { pattern: /\b(is|are|was) none\b/i, instead: 'does not exist, is not a …' },
  { pattern: /\bstands? in\b.*?\balready\b/i, instead: 'is already defined in' },
  { pattern: /\bby hand\b/i, instead: 'manually' },
  { pattern: /\bany more\b/i, instead: 'no longer' },
  { pattern: /\bgone back to\b/i, instead: 'rolled back to' },
  { pattern: /\b(is|was|are) meant\b|\bmeans it\b/i, instead: 'is intended' },
  { pattern: /\bask(s|ed|ing)? for\b/i, instead: 'request' },
  { pattern: /\b(tells?|told|telling)\b/i, instead: 'say, return, notify' },
  { pattern: /\b(its|own|server’s|server's) words\b/i, instead: 'message' },
  { pattern: /\b(blindness|fighting for|standing drift)\b/i, instead: 'unreadable, contended, known drift' },
  { pattern: /\bof all the same\b|\ball the same\b/i, instead: 'anyway, nevertheless' },
];

/** The forbidden words of a text, as `"word", write …`. */
export function forbiddenWords(text: string): readonly string[] {
  return FORBIDDEN.flatMap(({ pattern, instead }) => {
    const found = pattern.exec(text)?.[0];
    return found === undefined ? [] : [`"${found}"; write ${instead}`];
  });
}
