import { z } from 'zod';
import { duration, secret } from './values.js';

const BROKERS = /^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/;

/** How to reach Kafka and what topics are to be like. config/default.yaml says what each key is for. */
export const kafkaSection = z.strictObject({
  brokers: z.string().regex(BROKERS, 'must be host:port, several with commas').nullable(),
  topicPrefix: z.string().regex(/^[\w.-]*$/, 'may have letters, digits, dots, hyphens and underscores'),
  partitions: z.int().positive(),
  replicationFactor: z.int().positive(),
  retention: duration,
  consumerEnabled: z.boolean(),
  connectTimeout: duration,
  requestTimeout: duration,
  fetchMaxWait: duration,
  minFetchInterval: duration,
  sessionTimeout: duration,
  commitInterval: duration,
  lagInterval: duration,
  tls: z.strictObject({
    enabled: z.boolean(),
    ca: z.string().min(1).nullable(),
    cert: z.string().min(1).nullable(),
    key: secret().nullable(),
  }),
  sasl: z.strictObject({
    mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).nullable(),
    username: z.string().min(1).nullable(),
    password: secret().nullable(),
  }),
});
