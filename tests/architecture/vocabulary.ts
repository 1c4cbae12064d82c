import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { parse } from 'yaml';
import { everyMetric } from '../operations/every-metric.js';

/** Something that has a name which people meet. */
export interface Named {
  readonly name: string;
  /** Where it is named, from the project's root. */
  readonly where: string;
}

/** A kind of names: how they are called in docs/glossary.md, and where they are found. */
export interface NameKind {
  readonly kind: string;
  readonly names: () => Promise<readonly Named[]> | readonly Named[];
}

interface RetiredWord {
  readonly retired: readonly string[];
  readonly instead: string;
  readonly kinds: readonly string[];
}

const EXPORT = /^export (?:abstract )?(?:async )?(?:class|function|const|interface|type) (\w+)/gm;

const read = (file: string): string => readFileSync(join(projectRoot(), file), 'utf8');
const sources = (): string[] =>
  globSync('{packages/*,subgraphs/*,router,tools/*}/src/**/*.ts', { cwd: projectRoot() }).toSorted();

/** What is looked at. A further kind is a further row, and a column's value in the glossary. */
export const kinds: readonly NameKind[] = [
  {
    kind: 'configuration key',
    names: () =>
      globSync(['config/**/*.yaml', 'subgraphs/*/config.yaml'], { cwd: projectRoot() }).flatMap((where) =>
        keysOf(parse(read(where))).map((name) => ({ name, where })),
      ),
  },
  {
    kind: 'metric',
    names: async () =>
      [...(await everyMetric())].flatMap(([name, labels]) =>
        [name, ...labels].map((each) => ({ name: each, where: name })),
      ),
  },
  {
    kind: 'alert',
    names: () =>
      parse(read('deploy/prometheus/alerts.yml')).groups.flatMap(({ rules }: { rules: { alert: string }[] }) =>
        rules.map(({ alert }) => ({ name: alert, where: 'deploy/prometheus/alerts.yml' })),
      ),
  },
  {
    kind: 'log message',
    names: () => sources().flatMap((where) => messagesIn(read(where)).map((name) => ({ name, where }))),
  },
  {
    kind: 'exported name',
    names: () =>
      sources().flatMap((where) => [...read(where).matchAll(EXPORT)].map(([, name = '']) => ({ name, where }))),
  },
  {
    kind: 'file name',
    names: () => sources().map((where) => ({ name: basename(where, '.ts'), where })),
  },
];

/** The rows of the glossary's table of retired words. */
export function retiredWords(): RetiredWord[] {
  const table = read('docs/glossary.md').split('## Retired words')[1]?.split('\n## ')[0] ?? '';
  return [...table.matchAll(/^\| (?!-|Retired)(.+?) +\| (.+?) +\| (.+?) +\|$/gm)].map(
    ([, retired = '', instead = '', kinds = '']) => ({
      retired: retired.split(', '),
      instead,
      kinds: kinds === 'all' ? [] : kinds.split(', '),
    }),
  );
}

/** The retired words in a name, with what stands for them. */
export function retiredIn(name: string, kind: string, words: readonly RetiredWord[] = retiredWords()): string[] {
  const spelled = wordsOf(name);
  return words
    .filter(({ kinds }) => kinds.length === 0 || kinds.includes(kind))
    .flatMap(({ retired, instead }) =>
      retired.filter((word) => spelled.includes(` ${word} `)).map((word) => `${word} → ${instead}`),
    );
}

/** A name as words in small letters with spaces around them: of camelCase, snake_case, kebab-case and prose. */
const wordsOf = (name: string): string =>
  ` ${name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim()} `;

const keysOf = (value: unknown): string[] =>
  value && typeof value === 'object' && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)])
    : [];

const CALL = /\blogger(?:\(\))?\??\.(?:trace|debug|info|warn|error|fatal)\(/g;

/** The texts that a source hands to a logger, without what is put into them. */
export function messagesIn(source: string): string[] {
  return [...source.matchAll(CALL)].flatMap(({ index, 0: { length } }) => {
    const call = source.slice(index + length, closingOf(source, index + length));
    const texts = [...call.matchAll(/'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g)];
    return texts.slice(-1).map(([, single, template = '']) => single ?? template.replaceAll(/\$\{[^}]*\}/g, ' '));
  });
}

/** Where the bracket closes that is open before `from`. */
function closingOf(source: string, from: number): number {
  let depth = 1;
  for (let at = from; at < source.length; at += 1) {
    if (source[at] === '(') depth += 1;
    else if (source[at] === ')' && --depth === 0) return at;
  }
  return source.length;
}
