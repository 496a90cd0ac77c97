// The tools that turn files into manifests.
import type { RenderRequest } from '../model/source-tree.ts';

export interface Renderer {
  /** The YAML that the tool prints. */
  render(request: RenderRequest): Promise<string>;
}
