// Labels and annotations of a document, in the form that Kubernetes has for those of objects.
import { z } from 'zod';
import { quote } from './fields.ts';

const NAME = '[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?';
const KEY = new RegExp(`^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?/)?${NAME}$`);
const VALUE = new RegExp(`^(?:${NAME})?$`);

/** The prefix of annotations that mean something here: an unknown one is a mistake. */
const OWN = 'driftless.dev/';

/** Characters of one annotation. */
const LONGEST = 4_096;

const key = z.string().regex(KEY, {
  error: ({ input }) =>
    `${quote(input)} is not a key; write team or example.com/team, at most 63 characters after the slash`,
});

/** The value of a label. */
export const labelValue = z.string().regex(VALUE, {
  error: ({ input }) =>
    `${quote(input)} is not a value of a label; write at most 63 letters, digits, dashes, dots and underscores`,
});

/** Labels: keys and values that can be selected by. */
export function labelsOf(value: typeof labelValue) {
  return z.record(key, value);
}

/** Annotations: any text, beside the one that has a meaning here. Its value is limited by what `pattern` and `maxLength` say. */
export function annotations(
  own: string,
  { pattern, maxLength }: { readonly pattern: RegExp; readonly maxLength: number },
) {
  const named = z.string().regex(new RegExp(`^(?!${OWN}(?!${own.slice(OWN.length)}$))${KEY.source.slice(1)}`), {
    error: ({ input }) => `${quote(input)} is not a key; write ${own}, or a key such as example.com/team`,
  });
  return z
    .record(named, z.string().max(LONGEST))
    .superRefine((found, context) => {
      const text = found[own];
      if (text === undefined || (text.length <= maxLength && pattern.test(text))) return;
      const message = `${quote(text)} is not a valid name; write at most ${maxLength} lower-case letters, digits and dashes, with a letter or digit at both ends`;
      context.addIssue({ code: 'custom', path: [own], message });
    })
    .meta({ properties: { [own]: { type: 'string', pattern: pattern.source, maxLength } } });
}
