import { type Config, duration, secret, url } from '@platform/foundation/config';
import { z } from 'zod';

const share = z.number().min(0).max(1);

/** What a router reads of Apollo Studio. config/default.yaml says what each key is for. */
export const apolloSection = z
  .strictObject({
    key: secret().nullable(),
    graphRef: z
      .string()
      .regex(/^[^@\s]+@[^@\s]+$/, 'must be a graph and its variant, such as shop@current')
      .nullable(),
    managedFederation: z.boolean(),
    uplinkEndpoints: z.array(url),
    usageReporting: z.strictObject({
      enabled: z.boolean(),
      endpoint: url,
      interval: duration,
      fieldLevelInstrumentation: share,
      errorMessages: z.boolean(),
      variables: z.array(z.string()),
      headers: z.array(z.string().toLowerCase()),
    }),
  })
  .refine(({ key, graphRef }) => (key === null) === (graphRef === null), 'key and graphRef are set together');

export type ApolloConfig = Config<{ apollo: typeof apolloSection }>['apollo'];
