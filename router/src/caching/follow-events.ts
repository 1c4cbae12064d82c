import type { CloudEvent, EventBus } from '@platform/kernel/events';
import type { Logger } from '@platform/kernel/logging';
import { type AnswerCache, type TagFormat, tagFormat } from '../engine/index.js';

/** Which tags an event puts out of date, by its type or by the beginning of one that ends in a dot. */
export type InvalidationRules = Readonly<Record<string, readonly string[]>>;

interface Rule {
  readonly formats: readonly TagFormat[];
  matches(type: string): boolean;
}

const isPrefix = (type: string): boolean => type.endsWith('.');

/** Names the consumer group: one router of several hears each event. */
const GROUP = 'router-cache';

/**
 * Has events of the platform put kept answers out of date. What routers share is invalidated by one of them, again until that
 * was possible; what each keeps for itself, by each.
 */
export function followEvents(
  bus: Pick<EventBus, 'subscribe' | 'listen'>,
  config: InvalidationRules,
  answers: AnswerCache,
  { shared, logger }: { readonly shared: boolean; readonly logger: Logger },
): void {
  const types = Object.keys(config);
  if (types.length === 0) return;
  const rules = Object.entries(config).map(
    ([type, formats]): Rule => ({
      matches: isPrefix(type) ? (given) => given.startsWith(type) : (given) => given === type,
      formats: formats.map(tagFormat),
    }),
  );
  const wanted = types.some(isPrefix) ? 'all' : types;
  if (shared) {
    const deliver = async (events: readonly CloudEvent[]) => {
      await answers.invalidate(tagsOf(events, rules));
      return [];
    };
    bus.subscribe({ group: GROUP, types: wanted, deliver });
    return;
  }
  const hear = (event: CloudEvent) => {
    answers
      .invalidate(tagsOf([event], rules))
      .catch((err: unknown) => logger.warn({ err }, 'Kept answers could not be invalidated'));
  };
  bus.listen({ types: wanted, hear });
}

/** `post-{subject}`, `post-{data.postId}`: filled in from the event; without a value there is no such tag. */
function tagsOf(events: readonly CloudEvent[], rules: readonly Rule[]): string[] {
  const tags = events.flatMap((event) =>
    rules.flatMap(({ matches, formats }) =>
      matches(event.type) ? formats.flatMap((format) => format(event) ?? []) : [],
    ),
  );
  return [...new Set(tags)];
}
