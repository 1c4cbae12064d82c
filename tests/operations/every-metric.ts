import { globSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { Metrics } from '@platform/foundation/metrics';

type Concern = new (metrics: Metrics) => unknown;

/** All metrics of the platform and of Node.js by name, with their labels: instruments are declared in files called `…-metrics.ts`. */
export async function everyMetric(): Promise<Map<string, readonly string[]>> {
  const metrics = new Metrics();
  const files = globSync('{packages/*,subgraphs/*,router,tools/*}/src/**/*-metrics.ts', { cwd: projectRoot() });
  for (const file of files) {
    const declared = (await import(join(projectRoot(), file))) as Record<string, Concern>;
    for (const [name, concern] of Object.entries(declared)) if (name.endsWith('Metrics')) metrics.of(concern);
  }
  const instruments = metrics.registry.getMetricsAsArray() as unknown as { name: string; labelNames?: string[] }[];
  return new Map(instruments.map(({ name, labelNames = [] }) => [name, labelNames]));
}
