/** The package of `control-plane` or `tools` for this platform. */
export function platformPackage(what: 'control-plane' | 'tools'): string;

/** An installed package: its folder, and the record of what is in it; undefined where it is not installed. */
export function packaged(
  what: 'control-plane' | 'tools',
): { readonly folder: string; readonly contents: Readonly<Record<string, string>> } | undefined;
