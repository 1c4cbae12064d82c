import type { SubgraphCaching } from '@platform/federation-engine';
import { bytes, type DeepReadonly, duration, secret } from '@platform/foundation/config';
import { z } from 'zod';

const caching = {
  enabled: z.boolean(),
  maxAge: duration.nullable(),
  scope: z.enum(['private', 'public']),
  maxTtl: duration,
  staleWhileRevalidate: duration,
};

const PLACE = 'must be a type, or a root field such as Query.posts';

const texts = z.array(z.string().min(1)).min(1);

/** The option `router.cache`. config/default.yaml says what each key is for. */
export const cacheOption = z.strictObject({
  enabled: z.boolean(),
  all: z.strictObject(caching),
  subgraphs: z.record(z.string(), z.strictObject(caching).partial()),
  tags: z.array(z.strictObject({ at: z.string().regex(/^\w+(\.\w+)?$/, PLACE), formats: texts })),
  invalidate: z.array(z.strictObject({ events: texts, tags: texts })),
  invalidationKey: secret(z.string().min(16)).nullable(),
  maxMemory: bytes,
  maxEntrySize: bytes,
  redisTimeout: duration,
  cacheControlHeader: z.boolean(),
});

export type CacheConfig = DeepReadonly<z.output<typeof cacheOption>>;

/** What holds for the subgraph: what is said of it alone goes before what is said of all. */
export const cachingOf = ({ all, subgraphs }: CacheConfig, subgraph: string): SubgraphCaching => ({
  ...all,
  ...(Object.hasOwn(subgraphs, subgraph) ? subgraphs[subgraph] : undefined),
});

/** Formats of tags by the type or root field that they are for. */
export function formatsByPlace({ tags }: CacheConfig): Record<string, string[]> {
  const byPlace: Record<string, string[]> = {};
  for (const { at, formats } of tags) byPlace[at] = [...(byPlace[at] ?? []), ...formats];
  return byPlace;
}
