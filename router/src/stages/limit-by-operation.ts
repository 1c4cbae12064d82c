import { type RateLimits, rootFieldUses } from '../rate-limits/index.js';
import type { BeforeStage } from '../stage.js';
import { countedAs } from './counted-as.js';

/** The names that limits go by, whatever the schema calls its root types. */
const ROOT_TYPES = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;

/** Counts what the operation asks for: its name, each of its root fields as often as it asks for it, and its estimated cost. */
export const limitByOperation =
  (limits: RateLimits): BeforeStage<'standings' | 'caller' | 'operation' | 'estimatedCost'> =>
  async ({ standings, clientIp, caller, operation, estimatedCost }) => {
    const { type, name, selections } = operation;
    const subject = { clientIp, userId: countedAs(caller) };
    const use = { name, rootType: ROOT_TYPES[type], fields: rootFieldUses(selections), cost: estimatedCost };
    standings.push(...(await limits.byOperation(subject, use)));
  };
