// In: the text of a TypeScript file. Out: what it imports, and its code without comments and literals, to look for what must not be there.

/** One import; `to` is a path from the project's root for relative ones, else the package's name. */
export type Import = {
  readonly from: string;
  readonly to: string;
  /** What stands between `import` and `from`. */
  readonly names: string;
};

export type SourceFile = { readonly path: string; readonly text: string };

const IMPORTS = /^(?:import|export)\b(?<names>[^;'"]*?)\bfrom\s+['"](?<static> *)['"]|^import\s+['"](?<bare> *)['"]/gm;
const DYNAMIC = /\bimport\(\s*(?:['"](?<dynamic> *)['"])?/g;

/** Every import and re-export of a file, dynamic ones included. */
export function importsOf({ path, text }: SourceFile): readonly Import[] {
  const code = codeOf(text);
  return [...code.matchAll(IMPORTS), ...code.matchAll(DYNAMIC)].map((match) => {
    const { names = '', ...specifiers } = match.groups ?? {};
    const blank = Object.values(specifiers).find((value) => value !== undefined) ?? '';
    const end = match.index + match[0].length - 1;
    const to = text.slice(end - blank.length, end);
    return { from: path, to: to.startsWith('.') ? resolve(path, to) : to, names };
  });
}

/** The text with comments, and the contents of strings, templates and regular expressions, as blanks; everything else stays in its place. */
export function codeOf(text: string): string {
  return text.replaceAll(TOKENS, (token, ...rest) => {
    const { slash, kept = '' } = rest.at(-1);
    if (slash !== undefined) return kept + blanks(slash);
    return token.startsWith('/') ? blanks(token) : `${token[0]}${blanks(token.slice(1, -1))}${token.at(-1)}`;
  });
}

/** The contents of strings and templates, with the number of their line; what a template inserts is left out. */
export function literalsOf({ text }: Pick<SourceFile, 'text'>): readonly { line: number; literal: string }[] {
  return [...text.matchAll(TOKENS)].flatMap(({ 0: token, index }) => {
    if (!/^['"`]/.test(token)) return [];
    const literal = token.slice(1, -1).replaceAll(/\$\{[^}]*\}/g, '…');
    return [{ line: text.slice(0, index).split('\n').length, literal }];
  });
}

/** Comments, strings, templates as a whole, and regular expressions where an operand may begin. */
const TOKENS = new RegExp(
  [
    String.raw`\/\/[^\n]*`,
    String.raw`\/\*[\s\S]*?\*\/`,
    String.raw`'(?:[^'\\\n]|\\.)*'`,
    String.raw`"(?:[^"\\\n]|\\.)*"`,
    '`(?:[^`\\\\]|\\\\[\\s\\S])*`',
    String.raw`(?<kept>(?:[(,=:[!&|?{};>]|\breturn)\s*)(?<slash>\/(?![/*])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*)`,
  ].join('|'),
  'g',
);

function blanks(text: string): string {
  return text.replaceAll(/[^\n]/g, ' ');
}

function resolve(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}
