import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { parse } from 'yaml';
import { EmbeddedPlatform } from '../e2e/embedded-platform.js';
import { everyMetric } from './every-metric.js';
import { askedBy, groupedBy, shownBy } from './expressions.js';
import { anchorsOf } from './headings.js';
import { samplesOf } from './scraped.js';

const deploy = join(projectRoot(), 'deploy');
const dashboards = readdirSync(join(deploy, 'grafana/dashboards'));
/** Labels that Prometheus gives to whatever it scrapes, and that of a histogram's buckets. */
const SCRAPED = ['job', 'instance', 'le'];
/** Made when they are first needed: with Kafka, with Redis, with several instances of a subgraph, or when something is refused. */
const OCCASIONAL =
  /^(platform_consumer_group_|platform_cache_|router_rate_limit_|router_subgraph_instance|router_persisted_query_|router_operation_(limits|failures)_|router_authorization_)/;

interface Target {
  readonly expr: string;
  readonly legendFormat?: string;
}
interface Dashboard {
  readonly uid: string;
  readonly panels: readonly { readonly id: number; readonly title: string; readonly targets?: readonly Target[] }[];
  readonly templating: { readonly list: readonly { readonly query: string }[] };
}
interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels?: { readonly severity?: string };
  readonly annotations: { readonly summary: string; readonly runbook_url?: string };
}

const dashboard = (file: string): Dashboard =>
  JSON.parse(readFileSync(join(deploy, 'grafana/dashboards', file), 'utf8'));
const alerts: Alert[] = parse(readFileSync(join(deploy, 'prometheus/alerts.yml'), 'utf8')).groups.flatMap(
  ({ rules }: { rules: Alert[] }) => rules,
);

describe('what Grafana and Prometheus are given', () => {
  let platform: EmbeddedPlatform;
  let scraped: string;
  let declared: Map<string, readonly string[]>;

  beforeAll(async () => {
    declared = await everyMetric();
    platform = await EmbeddedPlatform.start({ set: ['server.admission=true'] });
    await platform.anonymous.data('{ posts(first: 1) { nodes { author { displayName } } } }');
    scraped = await (await fetch(`${platform.url}/metrics`)).text();
  });
  afterAll(() => platform?.stop());

  const metricOf = (series: string): string =>
    declared.has(series) ? series : series.replace(/_(bucket|count|sum)$/, '');
  const labelsOf = (series: string): string[] => [...SCRAPED, ...(declared.get(metricOf(series)) ?? [])];

  /** What an expression asks that no process has. */
  function unknownIn(expression: string): string[] {
    const asked = askedBy(expression);
    if (asked.length === 0) return [`${expression} asks for nothing`];
    const known = asked.flatMap(({ metric }) => labelsOf(metric));
    return [
      ...asked.map(({ metric }) => metricOf(metric)).filter((name) => name !== 'up' && !isServed(name)),
      ...asked.flatMap(({ metric, labels }) =>
        labels.filter((label) => !labelsOf(metric).includes(label)).map((label) => `${metric}{${label}}`),
      ),
      ...groupedBy(expression).filter((label) => !known.includes(label)),
    ];
  }

  const isServed = (name: string): boolean =>
    declared.has(name) && (OCCASIONAL.test(name) || scraped.includes(`# TYPE ${name} `));

  /** Labels that a text shows and the result of the expression has not. */
  const unshown = (expression: string, text: string): string[] => {
    const grouped = groupedBy(expression);
    const has = grouped.length > 0 ? grouped : askedBy(expression).flatMap(({ metric }) => labelsOf(metric));
    return shownBy(text).filter((label) => !has.includes(label));
  };

  it.each(dashboards)('%s asks only for metrics and labels that there are', (file) => {
    const { panels, templating } = dashboard(file);
    const targets = panels.flatMap(({ targets = [] }) => targets);
    expect(targets.length).toBeGreaterThan(5);
    expect(targets.flatMap(({ expr }) => unknownIn(expr))).toEqual([]);
    expect(targets.flatMap(({ expr, legendFormat = '' }) => unshown(expr, legendFormat))).toEqual([]);
    for (const { query } of templating.list) expect(unknownIn(query)).toEqual([]);
  });

  it.each(alerts)('$alert asks only for metrics and labels that there are', ({ expr, annotations }) => {
    expect(unknownIn(expr)).toEqual([]);
    expect(unshown(expr, annotations.summary)).toEqual([]);
  });

  it.each(alerts)('$alert has a severity, and a runbook under its name', ({ alert, labels, annotations }) => {
    expect(['critical', 'warning']).toContain(labels?.severity);
    const [file = '', anchor] = annotations.runbook_url?.split('#') ?? [];
    expect(anchor).toBe(alert.toLowerCase());
    expect(anchorsOf(file)).toContain(anchor);
  });

  it('measures nothing in a running platform that is not declared, nor with other labels', () => {
    const unknown = samplesOf(scraped).filter(
      ({ name, labels }) =>
        !declared.has(metricOf(name)) || Object.keys(labels).some((label) => !labelsOf(name).includes(label)),
    );
    expect(unknown.filter(({ name }) => !/^(nodejs|process)_/.test(name))).toEqual([]);
  });

  it('names every metric of the platform by its owner, or as OpenTelemetry does', () => {
    const names = [...declared.keys()].filter((name) => !/^(nodejs|process)_/.test(name));
    expect(names.filter((name) => !/^(router|platform|http_server|db_client)_/.test(name))).toEqual([]);
  });

  it('gives every dashboard and panel an id of its own', () => {
    const all = dashboards.map(dashboard);
    expect(new Set(all.map(({ uid }) => uid)).size).toBe(all.length);
    for (const { panels } of all) expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });
});

describe('a question about a metric', () => {
  it('is found in an expression, with its labels', () => {
    const expression = 'sum by (a) (rate(router_x_total{b="1", c=~"2"}[5m])) / max(router_y) > 0.5';
    expect(askedBy(expression)).toEqual([
      { metric: 'router_x_total', labels: ['b', 'c'] },
      { metric: 'router_y', labels: [] },
    ]);
    expect(groupedBy(expression)).toEqual(['a']);
    expect(shownBy('{{a}} and {{ $labels.b }}')).toEqual(['a', 'b']);
  });
});
