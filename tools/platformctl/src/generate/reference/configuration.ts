import { subgraphNames } from '@platform/runtime/modules';
import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { committedText, type GeneratedFile } from '../settle.js';
import { code, page, table } from './page.js';

interface Option {
  readonly key: string;
  readonly byDefault: string;
  readonly about: string;
}

/** What differs for a router that stands alone. */
const STANDALONE = 'config/router/default.yaml';

/**
 * The page of every configuration key, by the files that hold the defaults and their comments.
 * @param generated files that are printed anew with this one, and hold some of the defaults.
 */
export function configurationReference(generated: readonly GeneratedFile[]): GeneratedFile {
  const ofSubgraphs = subgraphNames.map((name) => `subgraphs/${name}/config.yaml`);
  const files = ['config/default.yaml', ...ofSubgraphs, STANDALONE];
  const textOf = (path: string) => generated.find((file) => file.path === path)?.content ?? committedText(path) ?? '';
  const chapters = files.flatMap((path) => sectionsOf(textOf(path)).map((section) => chapterOf(section, path)));
  return {
    path: 'docs/reference/configuration.md',
    content: page(
      'Configuration keys',
      'What each key means, and what it is by default. [Operations](../operations.md#configuration) says how they are set.',
      chapters,
    ),
  };
}

function chapterOf({ key, value }: Pair<Node, Node | null>, path: string): string {
  const name = String(key);
  const rows = optionsOf(value, [name], '').map(({ key, byDefault, about }) => [
    code(key),
    byDefault === '' ? '' : code(byDefault),
    byDefault === '' ? '' : code(variableOf(key)),
    about,
  ]);
  const title = path === STANDALONE ? `${name}, where the router stands alone` : name;
  return `## ${title}\n\n[${path}](../../${path})\n\n${table(['Key', 'Default', 'Variable', 'Meaning'], rows)}`;
}

function sectionsOf(text: string): Pair<Node, Node | null>[] {
  const { contents } = parseDocument<YAMLMap<Node, Node | null>>(text);
  return contents?.items.filter(({ value }) => isMap(value)) ?? [];
}

/** The keys below a node; a map with a comment of its own comes first, without a default. */
function optionsOf(node: Node | null, path: readonly string[], comment: string): Option[] {
  const key = path.join('.');
  if (!isMap(node) || node.items.length === 0) {
    return [{ key, byDefault: written(node), about: spoken(commentOf(node) ?? comment) }];
  }
  const above = spoken(node.commentBefore ?? comment);
  return [
    ...(above ? [{ key, byDefault: '', about: above }] : []),
    ...node.items.flatMap((pair) => {
      const { key, value } = pair as Pair<Node, Node | null>;
      return optionsOf(value, [...path, String(key)], '');
    }),
  ];
}

const written = (node: Node | null): string =>
  isScalar(node) ? String(node.source || JSON.stringify(node.value)) : JSON.stringify(node?.toJSON() ?? null);

/** What stands beside a value; beside the key where the value goes on below it. */
const commentOf = (node: Node | null): string | null | undefined =>
  isSeq(node) && !node.flow ? node.commentBefore : node?.comment;

/** A comment without the marks of generated lines. */
const spoken = (comment: string | null | undefined): string =>
  (comment ?? '')
    .replace(/^ *(generated:|end of generated).*/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** `server.bodyLimit` → `SERVER_BODY_LIMIT`. */
const variableOf = (key: string): string =>
  key
    .replaceAll('.', '_')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toUpperCase();
