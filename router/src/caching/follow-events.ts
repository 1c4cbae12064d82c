import type { CloudEvent, EventBus } from '@platform/events';
import { type ResponseCache, type TagFormat, tagFormat } from '@platform/federation-engine';
import type { Logger } from '@platform/foundation/logging';
import type { CacheConfig } from './options.js';

interface Rule {
  readonly formats: readonly TagFormat[];
  matches(event: CloudEvent): boolean;
}

/** `blog.post.` is every type that begins with it. */
const isPrefix = (type: string): boolean => type.endsWith('.');

/** Names the consumer group: one router of several hears each event. */
const GROUP = 'router-cache';

/**
 * Has events of the platform put kept answers out of date. What routers share is invalidated by one of them, again until that
 * was possible; what each keeps for itself, by each.
 */
export function followEvents(
  bus: Pick<EventBus, 'consume' | 'onEvent'>,
  { invalidate }: Pick<CacheConfig, 'invalidate'>,
  answers: ResponseCache,
  { shared, logger }: { readonly shared: boolean; readonly logger: Logger },
): void {
  const types = invalidate.flatMap(({ events }) => events);
  if (types.length === 0) return;
  const rules = invalidate.map(
    ({ events, tags }): Rule => ({
      matches: ({ type }) => events.some((event) => (isPrefix(event) ? type.startsWith(event) : type === event)),
      formats: tags.map(tagFormat),
    }),
  );
  const wanted = types.some(isPrefix) ? 'all' : types;
  if (shared) {
    const handleBatch = async (events: readonly CloudEvent[]) => {
      await answers.invalidate(tagsOf(events, rules));
      return [];
    };
    bus.consume({ group: GROUP, types: wanted, handleBatch });
    return;
  }
  const hear = (event: CloudEvent) => {
    answers
      .invalidate(tagsOf([event], rules))
      .catch((err: unknown) => logger.warn({ err }, 'response cache invalidation failed; entries expire by TTL'));
  };
  bus.onEvent(wanted, hear);
}

/** `post-{subject}`, `post-{data.postId}`: filled in from the event; without a value there is no such tag. */
function tagsOf(events: readonly CloudEvent[], rules: readonly Rule[]): string[] {
  const tags = events.flatMap((event) =>
    rules.flatMap(({ matches, formats }) => (matches(event) ? formats.flatMap((format) => format(event) ?? []) : [])),
  );
  return [...new Set(tags)];
}
