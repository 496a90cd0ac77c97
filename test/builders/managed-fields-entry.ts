import type { ManagedFieldsEntry } from '../../lib/model/kube-object.ts';

/** What an API server records of a manager: the fields that it has applied, unless told otherwise. */
export function managedFieldsEntry(
  manager: string,
  fieldsV1: object,
  more: Partial<ManagedFieldsEntry> = {},
): ManagedFieldsEntry {
  return {
    manager,
    operation: 'Apply',
    apiVersion: 'v1',
    fieldsType: 'FieldsV1',
    fieldsV1: { ...fieldsV1 },
    ...more,
  };
}
