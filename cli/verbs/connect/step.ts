/** Where repositories are; what is left out is that of the public service, and a place to fill in. */
export type Forge = { readonly host?: string; readonly repo?: string };

/** Something that a person does: in the forge, or with a command. */
export type Step = {
  readonly title: string;
  /** What to click and to write, in order. */
  readonly clicks?: readonly string[];
  /** Instead of the clicks, or by itself; lines of a shell. */
  readonly commands?: readonly string[];
};

export type Connection = {
  readonly forge: string;
  readonly webhookUrl: string;
  /** Where the webhook's secret is kept, and the form of its value. */
  readonly secret: { readonly id: string; readonly form: string };
  /** What the deployer may do in the forge, and nothing more. */
  readonly permissions: Readonly<Record<string, string>>;
  readonly events: readonly string[];
  readonly steps: readonly Step[];
};

/** A connection for people. */
export function formatConnection({ webhookUrl, secret, permissions, events, steps }: Connection): string {
  const facts = [
    `webhook      ${webhookUrl}`,
    `secret       ${secret.id}`,
    `             ${secret.form}`,
    `permissions  ${Object.entries(permissions)
      .map((one) => one.join(': '))
      .join(', ')}`,
    `events       ${events.join(', ')}`,
  ];
  return [facts.join('\n'), ...steps.map((step, index) => formatStep(step, index + 1))].join('\n\n');
}

function formatStep({ title, clicks = [], commands = [] }: Step, number: number): string {
  return [
    `${number}. ${title}`,
    ...clicks.map((click) => `   - ${click}`),
    ...(clicks.length > 0 && commands.length > 0 ? ['   or:'] : []),
    ...commands.map((command) => `   ${command}`),
  ].join('\n');
}
