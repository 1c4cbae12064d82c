import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { parse } from 'yaml';
import { everyMetric } from './every-metric.js';

const deploy = join(projectRoot(), 'deploy');
const dashboards = readdirSync(join(deploy, 'grafana/dashboards'));

interface Dashboard {
  readonly uid: string;
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly targets?: readonly { expr: string }[];
  }[];
}
interface Alerts {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
}

const dashboard = (file: string): Dashboard =>
  JSON.parse(readFileSync(join(deploy, 'grafana/dashboards', file), 'utf8'));
const alerts = (): Alerts => parse(readFileSync(join(deploy, 'prometheus/alerts.yml'), 'utf8'));

/** The series that a process has, and Prometheus's own. */
async function series(): Promise<Set<string>> {
  const suffixes = ['', '_bucket', '_count', '_sum'];
  return new Set(['up', ...(await everyMetric()).flatMap((name) => suffixes.map((suffix) => name + suffix))]);
}

/** The metric names in a PromQL expression: words before a selector, a range or a closing bracket. */
const named = (expression: string): string[] =>
  [...expression.replaceAll(/\{[^}]*\}/g, '{}').matchAll(/\b([a-z]+_[a-z_0-9]+|up)\b(?=\s*[{[)<>=]|\s*$)/g)]
    .map(([, name = '']) => name)
    .filter((name) => !name.endsWith('_quantile'));

describe('what Grafana and Prometheus are given', () => {
  it.each(dashboards)('%s asks only for metrics that there are', async (file) => {
    const known = await series();
    const asked = dashboard(file).panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => named(expr)));
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
  });

  it('alerts on metrics that there are', async () => {
    const known = await series();
    for (const { alert, expr } of alerts().groups.flatMap(({ rules }) => rules)) {
      const asked = named(expr);
      expect({ alert, asked: asked.length > 0 }).toEqual({ alert, asked: true });
      expect({ alert, unknown: asked.filter((name) => !known.has(name)) }).toEqual({ alert, unknown: [] });
    }
  });

  it('gives every dashboard and panel an id of its own', () => {
    const all = dashboards.map(dashboard);
    expect(new Set(all.map(({ uid }) => uid)).size).toBe(all.length);
    for (const { panels } of all) expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });
});
