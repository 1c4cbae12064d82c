import { duration } from '@platform/foundation/config';
import { z } from 'zod';

const count = z.int().positive();
const share = z.number().min(0).max(1);

const shaping = {
  concurrency: z.strictObject({ limit: count, queue: z.int().min(0) }),
  retry: z.strictObject({ attempts: z.int().min(0), backoff: duration, budgetRatio: share }),
  breaker: z.strictObject({
    enabled: z.boolean(),
    failureRatio: share,
    minimumRequests: count,
    window: duration,
    resetTimeout: duration,
    halfOpenRequests: count,
  }),
  hedgeDelay: duration.nullable(),
};

/** The option `router.traffic`: for every subgraph, and what differs for one. config/default.yaml says what each key is for. */
export const trafficOption = z.strictObject({
  ...shaping,
  subgraphs: z.record(
    z.string(),
    z.strictObject({
      concurrency: shaping.concurrency.partial().optional(),
      retry: shaping.retry.partial().optional(),
      breaker: shaping.breaker.partial().optional(),
      hedgeDelay: shaping.hedgeDelay.optional(),
    }),
  ),
});

export type TrafficConfig = z.output<typeof trafficOption>;

/** How one subgraph's traffic is shaped. */
export type TrafficShapingConfig = Omit<TrafficConfig, 'subgraphs'>;

/** What holds for the subgraph: what is said of it alone goes before what is said of all. */
export function shapingOf({ subgraphs, ...all }: TrafficConfig, subgraph: string): TrafficShapingConfig {
  const own = Object.hasOwn(subgraphs, subgraph) ? subgraphs[subgraph] : undefined;
  return {
    concurrency: { ...all.concurrency, ...own?.concurrency },
    retry: { ...all.retry, ...own?.retry },
    breaker: { ...all.breaker, ...own?.breaker },
    hedgeDelay: own?.hedgeDelay === undefined ? all.hedgeDelay : own.hedgeDelay,
  };
}
