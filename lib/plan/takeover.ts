/**
 * Field managers whose fields are taken over without being asked: tools that deployed the object before. Anyone else's field, such as an
 * autoscaler's or a person's `kubectl edit --field-manager`, is reported instead.
 */
const EXACT = new Set([
  'argocd-controller',
  'argocd-application-controller',
  'kustomize-controller',
  'helm-controller',
  'flux-client-side-apply',
  'helm',
  'Helm',
  'before-first-apply',
]);

/** kubectl's managers are `kubectl`, `kubectl-client-side-apply`, `kubectl-edit`, `kubectl-create` … */
export function isTakenOver(manager: string): boolean {
  return EXACT.has(manager) || manager === 'kubectl' || manager.startsWith('kubectl-');
}
