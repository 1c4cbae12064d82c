import { type Config, duration } from '@platform/kernel/config';
import { z } from 'zod';

const count = z.int().positive();

/** The router's own section. config/default.yaml says what each key is for. */
export const routerSections = {
  router: z.strictObject({
    supergraph: z.string().min(1),
    composeOnStart: z.boolean(),
    subgraphTimeout: duration,
    introspection: z.boolean(),
    developmentPages: z.boolean(),
    planCacheSize: count,
    maxTokens: count,
    jwksRefresh: duration,
    clockSkew: duration,
    callerCacheSize: count,
    callerCacheLifetime: duration,
    subscriptions: z.strictObject({
      heartbeat: duration,
      checkInterval: duration,
      buffer: count,
      perConnection: count,
      perCaller: count,
    }),
    cors: z.strictObject({ origins: z.array(z.string()) }),
    jwt: z.strictObject({ issuer: z.string(), audience: z.string(), algorithms: z.array(z.string()).min(1) }),
  }),
};

export type RouterConfig = Config<typeof routerSections>['router'];
