/** Whose order it was, for people: of an ARN the user, or the role and who has taken it. */
export function whoOf(by: string): string {
  return /^arn:[\w-]+:(?:iam|sts)::\d{12}:(?:user|assumed-role|federated-user)\/(.+)$/.exec(by)?.[1] ?? by;
}
