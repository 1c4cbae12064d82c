/** What the header `Cache-Control` of an answer says; ages in ms. https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2 */
export interface CacheControl {
  /** May not be kept at all. */
  readonly noStore: boolean;
  readonly private: boolean;
  /** How long the answer is still fresh; undefined where that is not said. */
  readonly maxAge: number | undefined;
  readonly staleWhileRevalidate: number | undefined;
}

/** @param age the header `Age`: how long others have kept the answer already. */
export function readCacheControl(header: string, age = '0'): CacheControl {
  const directives = new Map(
    header
      .toLowerCase()
      .split(',')
      .map((directive) => {
        const [name = '', value = ''] = directive.split('=', 2);
        return [name.trim(), value.trim().replaceAll('"', '')] as const;
      }),
  );
  const fresh = seconds(directives.get('s-maxage')) ?? seconds(directives.get('max-age'));
  return {
    noStore: directives.has('no-store') || directives.has('no-cache'),
    private: directives.has('private'),
    maxAge: fresh === undefined ? undefined : Math.max(0, fresh - (seconds(age) ?? 0)),
    staleWhileRevalidate: seconds(directives.get('stale-while-revalidate')),
  };
}

/** In ms. */
const seconds = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) * 1000 : undefined;
