import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { parse } from 'yaml';

/** One series of a scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The series in Prometheus's text format. */
export const samplesOf = (text: string): Sample[] =>
  [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name = '', labels = '', value]) => ({
    name,
    labels: Object.fromEntries([...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [key, text])),
    value: Number(value),
  }));

/** The expression of an alert in deploy/prometheus. */
export function alertExpression(name: string): string {
  const { groups } = parse(readFileSync(join(projectRoot(), 'deploy/prometheus/alerts.yml'), 'utf8'));
  const rules: { alert: string; expr: string }[] = groups.flatMap(({ rules }: { rules: object[] }) => rules);
  const rule = rules.find(({ alert }) => alert === name);
  if (!rule) throw new Error(`There is no alert ${name}`);
  return rule.expr;
}

/** The groups of labels for which an expression of the form `min by (labels) (metric) == value` holds, or `max`. */
export function firing(expression: string, samples: readonly Sample[]): Readonly<Record<string, string>>[] {
  const [, how, by = '', metric, value] = /^(min|max) by \(([\w, ]+)\) \((\w+)\) == (\d+)$/.exec(expression) ?? [];
  if (!how) throw new Error(`This test cannot evaluate ${expression}`);
  const names = by.split(/, */);
  const groups = new Map<string, { labels: Record<string, string>; values: number[] }>();
  for (const { labels, value: each } of samples.filter(({ name }) => name === metric)) {
    const own = Object.fromEntries(names.map((name) => [name, labels[name] ?? '']));
    const key = JSON.stringify(own);
    const group = groups.get(key) ?? { labels: own, values: [] };
    group.values.push(each);
    groups.set(key, group);
  }
  const choose = how === 'min' ? Math.min : Math.max;
  return [...groups.values()].filter(({ values }) => choose(...values) === Number(value)).map(({ labels }) => labels);
}
