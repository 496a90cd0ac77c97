/** How the user calls the command here, for advice: through npm in a checkout, else by its name. */
export function commandName(env: Readonly<Record<string, string | undefined>> = process.env): string {
  if (env['npm_command'] === 'exec') return 'npx driftless';
  return env['npm_lifecycle_event'] === undefined ? 'driftless' : 'npm run --silent driftless --';
}
