import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TemplateFile } from './template.js';

/** package.json and tsconfig.json of a folder, with what its sources import, in the versions that the repository has. */
export function packageFiles(
  root: string,
  name: string,
  folder: string,
  files: readonly TemplateFile[],
  { entry, tests = [] }: { entry: string; tests?: readonly TemplateFile[] },
): TemplateFile[] {
  const versions = knownVersions(root);
  const dependencies = importedBy(files);
  const devDependencies = importedBy(tests).filter(
    (each) => !dependencies.includes(each) && each !== `@platform/${name}`,
  );
  const withVersions = (names: readonly string[]) =>
    Object.fromEntries(names.map((each) => [each, versions.get(each) ?? 'workspace:*']));
  const up = folder === '' ? '../..' : '../../..';
  const manifest = {
    name: `@platform/${name}`,
    version: '0.1.0',
    private: true,
    license: 'MIT',
    type: 'module',
    exports: { '.': `./dist/${entry}` },
    dependencies: withVersions(dependencies),
    ...(devDependencies.length > 0 && { devDependencies: withVersions(devDependencies) }),
  };
  const project = {
    extends: `${up}/tsconfig.base.json`,
    compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' },
    include: ['src'],
    references: dependencies
      .filter((each) => each.startsWith('@platform/'))
      .map((each) => ({ path: `${up}/packages/${each.slice('@platform/'.length)}` })),
  };
  return [
    { path: join(folder, 'package.json'), content: `${JSON.stringify(manifest, null, 2)}\n` },
    { path: join(folder, 'tsconfig.json'), content: `${JSON.stringify(project, null, 2)}\n` },
  ];
}

/** Packages that files import, by name. */
function importedBy(files: readonly TemplateFile[]): string[] {
  const specifiers = files.flatMap(({ content }) => [...content.matchAll(/from '([^'.][^']*)'/g)]);
  const names = specifiers.map(([, specifier = '']) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
  return [...new Set(names)].filter((each) => !each.startsWith('node:')).sort();
}

/** The version of each package that some package of the repository depends on. */
function knownVersions(root: string): Map<string, string> {
  const manifests = globSync(['packages/*/package.json', 'subgraphs/*/package.json'], { cwd: root });
  return new Map(
    manifests.flatMap((path): [string, string][] => {
      const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(join(root, path), 'utf8'));
      return Object.entries({ ...devDependencies, ...dependencies });
    }),
  );
}
