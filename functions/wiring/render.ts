import { S3Client } from '@aws-sdk/client-s3';
import { clientOptions } from '../../lib/aws/client-options.ts';
import { answerRendering } from '../../lib/aws/lambda/lambda-renderer.ts';
import { createS3Blobs } from '../../lib/blobs/s3-blobs.ts';
import { createRenderer } from '../../lib/render/exec/renderer.ts';
import { readSettings } from '../environment.ts';

/** The composition of the render function. */
export function wireRender(environment: NodeJS.ProcessEnv): (event: unknown) => Promise<unknown> {
  const { bucket, tools } = readSettings('render', environment);
  const programs = { kubectl: `${tools}/kubectl/kubectl`, helm: `${tools}/helm/helm` };
  const renderer = createRenderer({ ...programs, remoteBases: false });
  const blobs = createS3Blobs({ client: new S3Client(clientOptions()), bucket });
  return (event) => answerRendering(event, { renderer, blobs });
}
