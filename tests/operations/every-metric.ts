import { globSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { Metrics } from '@platform/foundation/metrics';

type Concern = new (metrics: Metrics) => unknown;

/** The names of all metrics: instruments are declared in files called `…-metrics.ts`. */
export async function everyMetric(): Promise<string[]> {
  const metrics = new Metrics();
  const files = globSync('{packages/*,subgraphs/*,router,tools/*}/src/**/*-metrics.ts', { cwd: projectRoot() });
  for (const file of files) {
    const declared = (await import(join(projectRoot(), file))) as Record<string, Concern>;
    for (const [name, concern] of Object.entries(declared)) if (name.endsWith('Metrics')) metrics.of(concern);
  }
  return (await metrics.registry.getMetricsAsJSON()).map(({ name }) => name);
}
