import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { repository } from './cruise.js';

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

const folder = join(repository, '.github/workflows');
const steps = readdirSync(folder).flatMap((file) => {
  const { jobs } = parse(readFileSync(join(folder, file), 'utf8')) as Workflow;
  return Object.entries(jobs).flatMap(([job, { steps }]) => steps.map((step) => ({ job: `${file}: ${job}`, ...step })));
});

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

  it('run everything that must hold, on every change', () => {
    expect(steps.filter(({ run }) => run === '.ci/run')).toHaveLength(1);
  });
});
