/** The two media types of GraphQL over HTTP. The older one answers request errors with 200. */
export const GRAPHQL_RESPONSE = 'application/graphql-response+json';
export const JSON_RESPONSE = 'application/json';

export type ResponseType = typeof GRAPHQL_RESPONSE | typeof JSON_RESPONSE;

/** The response media type that an Accept header asks for; JSON without one; null when neither is acceptable. */
export function responseType(accept: string | undefined): ResponseType | null {
  if (!accept?.trim()) return JSON_RESPONSE;
  const ranges = accept.split(',').map(mediaRange);
  const weights = [GRAPHQL_RESPONSE, JSON_RESPONSE].map((type) => weightOf(type, ranges)) as [Weight, Weight];
  const [graphql, json] = weights;
  if (graphql.q === 0 && json.q === 0) return null;
  if (graphql.q !== json.q) return graphql.q > json.q ? GRAPHQL_RESPONSE : JSON_RESPONSE;
  return graphql.exactness >= json.exactness && graphql.exactness > 0 ? GRAPHQL_RESPONSE : JSON_RESPONSE;
}

interface MediaRange {
  readonly type: string;
  readonly q: number;
}

interface Weight {
  readonly q: number;
  /** 2 for the type itself, 1 for a whole family, 0 for anything. */
  readonly exactness: number;
}

function mediaRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  const q = quality === undefined ? 1 : Number.parseFloat(quality.slice(2));
  return { type, q: Number.isFinite(q) ? Math.min(Math.max(q, 0), 1) : 0 };
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
