/** A field below a path as people write it: `spec.replicas`; a name with a dot or slash is quoted: `metadata.labels["app.kubernetes.io/name"]`. */
export function joinField(path: string, field: string): string {
  if (!/^[\w-]+$/.test(field)) return `${path}[${JSON.stringify(field)}]`;
  return path === '' ? field : `${path}.${field}`;
}
