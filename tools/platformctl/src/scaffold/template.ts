import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capitalised, type Names } from './names.js';

/** A file of a new subgraph; the path is relative to its folder. */
export interface TemplateFile {
  readonly path: string;
  readonly content: string;
}

/** The files of a template, which is the code of a subgraph `shop` with the entity `product`. */
export function templateFiles(root: string, template: 'subgraph' | 'bare'): TemplateFile[] {
  const folder = join(root, 'tools', 'platformctl', 'templates', template);
  return globSync('**/*.*', { cwd: folder })
    .sort()
    .map((path) => ({ path, content: readFileSync(join(folder, path), 'utf8') }));
}

/** The same with other names. @param time in ms, of which the name of the migration is made. */
export function renamed(files: readonly TemplateFile[], names: Names, time: number): TemplateFile[] {
  const { subgraph, entity, plural } = names;
  const words: Record<string, string> = {
    shop: subgraph,
    product: entity,
    products: plural,
    PRODUCT: entity.toUpperCase(),
  };
  for (const word of ['shop', 'product', 'products']) words[capitalised(word)] = capitalised(words[word] as string);
  const replaced = (text: string) =>
    text
      .replace(/\b([Aa]) (?=product)/g, (_, article: string) => `${article}${/^[aeiou]/.test(entity) ? 'n' : ''} `)
      .replace(/[Ss]hop|[Pp]roducts?|PRODUCT/g, (word) => words[word] as string);
  return files.map(({ path, content }) => ({
    path: replaced(path).replace('0000000000000', String(time)),
    content: replaced(content),
  }));
}

/** Every word that the code of a template has besides the names that are replaced, and names of properties alone. */
export function wordsOf(files: readonly TemplateFile[]): ReadonlySet<string> {
  const code = files.filter(({ path }) => path.endsWith('.ts')).map(({ content }) => withoutTexts(content));
  return new Set(
    code.flatMap((text) => text.match(/\b[A-Za-z_]\w*\b(?! *:)/g) ?? []).filter((word) => !/shop|product/i.test(word)),
  );
}

const withoutTexts = (code: string): string => code.replace(/\/\*\*.*?\*\/|\/\/.*|'[^']*'|`[^`]*`/gs, ' ');
