/** Whether a file is of a kind that configuration is written in, on disk as in a repository. */
export function isConfigFile(path: string): boolean {
  return /\.(ya?ml|json)$/.test(path);
}

/** Whether a path in the folder is no configuration: hidden files and folders are not, nor is what npm installs. */
export function isLeftOut(path: string): boolean {
  return path.split('/').some((name) => name.startsWith('.') || name === 'node_modules');
}
