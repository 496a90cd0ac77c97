import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Words that a person looks for in a result; the colour repeats what the word says. */
const WORDS: Readonly<Record<string, Style>> = {
  Synced: 'green',
  Healthy: 'green',
  InSync: 'green',
  OutOfSync: 'yellow',
  Drifted: 'yellow',
  Progressing: 'cyan',
  Suspended: 'cyan',
  Missing: 'red',
  Degraded: 'red',
  Unknown: 'magenta',
};

const SIGNS: Readonly<Record<string, Style>> = {
  '+': 'green',
  '~': 'yellow',
  '±': 'yellow',
  '-': 'red',
  x: 'red',
  '!': 'magenta',
};

const WORD = new RegExp(`\\b(?:${Object.keys(WORDS).join('|')})\\b`, 'g');
const SIGN = /^( *)([+~±x!-])(?= )/gm;

/** Colours the statuses and signs of a text, after its layout: NO_COLOR, FORCE_COLOR and an output that is no terminal are respected. */
export function coloured(text: string, stream: NodeJS.WriteStream = process.stdout): string {
  const paint = (style: Style | undefined, word: string): string =>
    style === undefined ? word : styleText(style, word, { stream });
  return text
    .replace(WORD, (word) => paint(WORDS[word], word))
    .replace(SIGN, (_all, indent: string, sign: string) => `${indent}${paint(SIGNS[sign], sign)}`);
}
