import { required, type Stage } from '../operation.js';
import { type RateLimits, rootFieldUses } from '../rate-limits/index.js';

/** The names that limits go by, whatever the schema calls its root types. */
const ROOT_TYPES = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;

/** Counts what the operation asks for: its name, each of its root fields as often as it asks for it, and its estimated cost. */
export const limitByOperation =
  (limits: RateLimits): Stage =>
  async (context, next) => {
    const { type, name, selections } = required(context, 'operation');
    const subject = { clientIp: context.clientIp, userId: required(context, 'caller').userId };
    const use = { name, rootType: ROOT_TYPES[type], fields: rootFieldUses(selections), cost: context.cost?.estimated };
    context.standings?.push(...(await limits.byOperation(subject, use)));
    return next();
  };
