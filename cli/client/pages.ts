// Lists of the API come in pages. In: how a page is requested. Out: the whole list.

type Page = { readonly items: readonly unknown[]; readonly next?: string };

/** Requests one page after the other; the last one with the items of all. `ask` gets the query, from the `?` on. */
export async function allPages<P extends Page>(
  ask: (query: string) => Promise<P>,
  selected: Readonly<Record<string, string>> = {},
): Promise<P> {
  const items: P['items'][number][] = [];
  for (let after: { readonly after?: string } = {}; ; ) {
    const query = new URLSearchParams({ ...after, ...selected }).toString();
    const page = await ask(query === '' ? '' : `?${query}`);
    items.push(...page.items);
    if (page.next === undefined) return { ...page, items };
    after = { after: page.next };
  }
}
