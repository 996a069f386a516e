const lettersMax = 160;

/** What an event is about, in one line: its page, its titles, its own properties. */
export function summaryOf(event: unknown): string {
  if (typeof event !== 'object' || event === null) return String(event ?? '');
  const { page, items, properties, reader_id } = event as {
    readonly page?: { readonly url?: string; readonly title?: string };
    readonly items?: readonly { readonly item_id?: string; readonly item_name?: string }[];
    readonly properties?: Readonly<Record<string, unknown>>;
    readonly reader_id?: string;
  };
  const titles = (items ?? []).map(({ item_name, item_id }) => item_name ?? item_id ?? '');
  const [first, ...others] = titles;
  const parts = [
    reader_id,
    first === undefined ? undefined : others.length === 0 ? first : `${first} +${others.length}`,
    ...(typeof properties === 'object'
      ? Object.entries(properties).map(([name, value]) => `${name}=${textOf(value)}`)
      : []),
    titles.length === 0 ? (page?.title ?? pathOf(page?.url)) : undefined,
  ];
  const text = parts.filter((part) => part !== undefined && part !== '').join(' · ');
  return text.length > lettersMax ? `${text.slice(0, lettersMax)}…` : text;
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function pathOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).pathname : url;
}
