/** The two media types of GraphQL over HTTP. The older one answers request errors with 200. */
export const GRAPHQL_RESPONSE = 'application/graphql-response+json';
export const JSON_RESPONSE = 'application/json';

export type ResponseType = typeof GRAPHQL_RESPONSE | typeof JSON_RESPONSE;

/** The response media type that an Accept header asks for; JSON without one; null when neither is acceptable. */
export function responseType(accept: string | undefined): ResponseType | null {
  const ranges = rangesOf(accept);
  if (ranges.length === 0) return JSON_RESPONSE;
  const weights = [GRAPHQL_RESPONSE, JSON_RESPONSE].map((type) => weightOf(type, ranges)) as [Weight, Weight];
  const [graphql, json] = weights;
  if (graphql.q === 0 && json.q === 0) return null;
  if (graphql.q !== json.q) return graphql.q > json.q ? GRAPHQL_RESPONSE : JSON_RESPONSE;
  return graphql.exactness >= json.exactness && graphql.exactness > 0 ? GRAPHQL_RESPONSE : JSON_RESPONSE;
}

/** Whether an Accept header names a type that the predicate takes. */
export const accepts = (accept: string | undefined, takes: (range: MediaRange) => boolean): boolean =>
  rangesOf(accept).some((range) => range.q > 0 && takes(range));

/** Whether an Accept header names a type that the predicate takes, and nothing that the router answers is liked better. */
export function prefers(accept: string | undefined, takes: (range: MediaRange) => boolean): boolean {
  const ranges = rangesOf(accept);
  const wanted = Math.max(0, ...ranges.filter(takes).map(({ q }) => q));
  const others = [GRAPHQL_RESPONSE, JSON_RESPONSE].flatMap(
    (type) => ranges.find((range) => range.type === type)?.q ?? [],
  );
  return wanted > 0 && wanted >= Math.max(0, ...others);
}

export interface MediaRange {
  readonly type: string;
  /** By lower-case name, without quotes; `q` is not among them. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly q: number;
}

interface Weight {
  readonly q: number;
  /** 2 for the type itself, 1 for a whole family, 0 for anything. */
  readonly exactness: number;
}

const rangesOf = (accept: string | undefined): MediaRange[] =>
  accept?.trim() ? accept.split(',').map(mediaRange) : [];

function mediaRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const named = new Map(parameters.map((parameter) => pairOf(parameter)));
  const quality = named.get('q');
  named.delete('q');
  const q = quality === undefined ? 1 : Number.parseFloat(quality);
  return { type, parameters: named, q: Number.isFinite(q) ? Math.min(Math.max(q, 0), 1) : 0 };
}

function pairOf(parameter: string): [string, string] {
  const [name = '', value = ''] = parameter.split('=', 2).map((part) => part.trim());
  return [name, value.replace(/^"(.*)"$/, '$1')];
}

function weightOf(type: string, ranges: readonly MediaRange[]): Weight {
  for (const [exactness, pattern] of [
    [2, type],
    [1, 'application/*'],
    [0, '*/*'],
  ] as const) {
    const range = ranges.find((candidate) => candidate.type === pattern);
    if (range) return { q: range.q, exactness };
  }
  return { q: 0, exactness: 0 };
}
