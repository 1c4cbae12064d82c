import { readFile } from 'node:fs/promises';
import { UnusableFile } from '@platform/runtime/unusable-file';
import { Command, InvalidArgumentError } from 'commander';
import { type Mix, readMix } from '../loadtest/kinds.js';
import { LoadTest } from '../loadtest/load-test.js';
import { type Step, stepReport, summary } from '../loadtest/report.js';
import { Target } from '../loadtest/target.js';
import { print } from '../options.js';

interface LoadtestOptions {
  readonly mix: Mix;
  readonly steps: readonly number[];
  readonly seconds: number;
  readonly capacity?: number;
  readonly posts: number;
  readonly users?: string;
}

const MIX = 'feed=50,post=30,search=10,createPost=8,login=2';

/** `platformctl loadtest`: how much a running platform bears, and how it bears more. */
export const loadtestCommand = (): Command =>
  new Command('loadtest')
    .description(
      'offer a running platform a load, at moments that do not wait for answers, and print what became of it',
    )
    .argument('[url]', 'the router', 'http://localhost:4000')
    .option('--mix <kinds>', 'share of each kind of operation, by weight', mix, mix(MIX))
    .option(
      '--steps <shares>',
      'percents of the capacity to offer, one after another',
      shares,
      shares('50,100,150,200,300'),
    )
    .option('--seconds <number>', 'for how long each', number, 60)
    .option('--capacity <number>', 'operations per second; found when left out', number)
    .option('--posts <number>', 'published posts that must be there; what is missing is written', number, 200)
    .option('--users <file>', 'who signs in, a line "e-mail password" each; a new user when left out, in development')
    .action(async (url: string, options: LoadtestOptions) => {
      await loadtest(new Target(url.replace(/\/(graphql)?$/, '')), options);
    });

async function loadtest(target: Target, options: LoadtestOptions): Promise<void> {
  const people = options.users === undefined ? [await target.signUp()] : await peopleOf(options.users);
  await target.signIn(people);
  await target.fill(options.posts);

  const test = new LoadTest(target, options.mix, options.seconds);
  const capacity = options.capacity ?? (await test.capacity());
  const unloaded = await test.unloaded(capacity);
  print(`capacity ${capacity.toFixed(0)} operations/s, p95 ${unloaded.toFixed(1)} ms at a tenth of it`);

  const steps: Step[] = [];
  for (const share of options.steps) {
    await target.signIn(people);
    const step = await test.step(share / 100, capacity, unloaded);
    steps.push(step);
    print();
    for (const line of stepReport(step)) print(line);
  }
  print();
  for (const line of summary(steps, unloaded)) print(line);
}

async function peopleOf(file: string): Promise<{ readonly email: string; readonly password: string }[]> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new UnusableFile(file, error);
  });
  const people = text.split('\n').flatMap((line) => {
    const [email, password] = line.trim().split(/\s+/);
    return email && password ? [{ email, password }] : [];
  });
  if (people.length === 0) throw new UnusableFile(file, new Error('no line is "e-mail password"'));
  return people;
}

function mix(text: string): Mix {
  const read = readMix(text);
  if (!read) throw new InvalidArgumentError('Weights by kind are needed, as feed=50,post=30,search=10,login=2.');
  return read;
}

function number(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('A number above 0 is needed.');
  return value;
}

const shares = (text: string): readonly number[] => text.split(',').map(number);
