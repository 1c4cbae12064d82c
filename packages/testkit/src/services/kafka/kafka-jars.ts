import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '@platform/foundation/config';

const run = promisify(execFile);
const FETCH_MS = 300_000;

const pom = (): string => join(projectRoot(), 'packages', 'testkit', 'kafka', 'pom.xml');

/** The pinned version of Apache Kafka. */
export const kafkaVersion = (): string =>
  /<kafka\.version>(.+)<\/kafka\.version>/.exec(readFileSync(pom(), 'utf8'))?.[1] ?? 'unknown';

/** Outside the tree, so that checkouts share it. */
const directory = (): string =>
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'platform', `kafka-${kafkaVersion()}`);

const runs = (program: string, flag: string): boolean => spawnSync(program, [flag], { stdio: 'ignore' }).status === 0;

/** Whether this machine can run a broker: it has Java, and the jars or Maven to fetch them. */
export const canRunKafka = (): boolean => runs('java', '-version') && (existsSync(directory()) || runs('mvn', '-v'));

/** The folder of the broker's jars, fetched by Maven the first time. */
export async function kafkaJars(): Promise<string> {
  const jars = directory();
  if (existsSync(jars)) return jars;
  await mkdir(dirname(jars), { recursive: true });
  const fetched = await mkdtemp(`${jars}-`);
  try {
    const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${fetched}`];
    await run('mvn', ['-q', '-B', '-f', pom(), ...goal], { timeout: FETCH_MS });
    await rename(fetched, jars);
  } catch (error) {
    await rm(fetched, { recursive: true, force: true });
    if (!existsSync(jars)) throw error;
  }
  return jars;
}
