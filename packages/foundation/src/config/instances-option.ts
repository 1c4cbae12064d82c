import { z } from 'zod';
import type { Config } from './load-config.js';
import { keyName, signatureAlgorithm } from './signature-values.js';
import { duration, network, path, secret, url } from './values.js';

const count = z.int().positive();

/** Where the instances of one subgraph are looked up: a list, DNS (Kubernetes: a headless service), or Consul. */
const instances = z.union([
  z.strictObject({ urls: z.array(url).min(1) }),
  z.strictObject({ dns: z.string().min(1), port: z.int().min(1).max(65_535).optional() }),
  z.strictObject({ srv: z.string().min(1) }),
  z.strictObject({ consul: z.string().min(1), tag: z.string().min(1).optional() }),
]);

const codings = z.array(z.enum(['gzip', 'br', 'deflate', 'zstd']));

/** Options of how subgraphs are reached. config/default.yaml says what each key is for. */
export const instanceOptions = {
  instances: z.record(z.string(), instances),
  dnsInterval: duration,
  dnsServers: z.array(
    z.string().regex(/^(\d+\.\d+\.\d+\.\d+|\[[\da-f:]+\])(:\d+)?$/i, 'must be an IP address, and a port if not 53'),
  ),
  consul: z.strictObject({ url: url.nullable(), token: secret().nullable(), wait: duration }),
  deniedNetworks: z.array(network),
  outlierDetection: z.strictObject({
    consecutiveFailures: count,
    baseEjectionTime: duration,
    maxEjectionRatio: z.number().min(0).max(1),
  }),
  signatures: z.record(z.string(), z.strictObject({ keyId: keyName, algorithm: signatureAlgorithm, keyFile: path })),
  acceptEncoding: z.strictObject({ all: codings, subgraphs: z.record(z.string(), codings) }),
  tls: z.record(z.string(), z.strictObject({ ca: path.optional(), cert: path.optional(), key: path.optional() })),
};

const section = z.strictObject(instanceOptions);

export type InstancesConfig = Config<{ discovery: typeof section }>['discovery'];
export type InstancesOf = InstancesConfig['instances'][string];
