import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { repository } from './cruise.js';

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

interface Job {
  readonly steps: readonly Step[];
  readonly strategy?: { readonly matrix?: { readonly script?: readonly string[] } };
}

interface Workflow {
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = join(repository, '.github/workflows');
const jobs = readdirSync(folder).flatMap((file) =>
  Object.entries((parse(readFileSync(join(folder, file), 'utf8')) as Workflow).jobs).map(([name, job]) => ({
    name: `${file}: ${name}`,
    ...job,
  })),
);
const steps = jobs.flatMap(({ name, steps }) => steps.map((step) => ({ job: name, ...step })));

describe('workflows', () => {
  it('use actions of exact versions', () => {
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((action) => !/@v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
  });

  it('run what the repository has', () => {
    const own = steps.flatMap(({ run = '' }) => run.match(/^(\.\/)?(\.ci\/run|platformctl)\b/gm) ?? []);
    expect(new Set(own)).toEqual(new Set(['.ci/run', './platformctl']));
    for (const program of new Set(own)) accessSync(join(repository, program), constants.X_OK);
  });

  it('run scripts that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { scripts: object };
    const named = steps.flatMap(({ run = '' }) =>
      [...run.matchAll(/\bnpm run (?:--silent )?([a-z:-]+)/g)].map(([, name]) => name),
    );
    const listed = jobs.flatMap(({ strategy }) => strategy?.matrix?.script ?? []);
    expect(listed).toContain('nightly');
    expect([...named, ...listed].filter((name) => !Object.hasOwn(scripts, name as string))).toEqual([]);
  });

  it('run everything that must hold, on every change', () => {
    expect(steps.filter(({ run }) => run === '.ci/run')).toHaveLength(1);
  });
});
