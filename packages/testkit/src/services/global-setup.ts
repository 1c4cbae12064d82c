import { randomBytes } from 'node:crypto';
import { announce } from './environment.js';
import { offerKafka } from './kafka/start-kafka.js';
import { startPostgres } from './postgres.js';
import { prepareTemplate } from './prepare-template.js';
import { startRedis } from './redis.js';
import type { RunningService } from './running-service.js';
import { asAdministrator, onServer } from './test-database.js';

let running: RunningService[] = [];
let cleanUp = async (): Promise<void> => {};

/** Before the first test file: one PostgreSQL and one Redis for the whole run, Kafka when the first suite asks for it, and the template that test databases are copied from. */
export async function startServices(): Promise<void> {
  try {
    const postgres = await startPostgres();
    running.push(postgres);
    await createTemplate(postgres.url);
    const redis = await startRedis();
    if (redis) offer('redisUrl', redis);
    const kafka = await offerKafka();
    if (kafka) offer('kafkaDesk', kafka);
  } catch (error) {
    await stopServices();
    throw error;
  }
}

function offer(name: 'redisUrl' | 'kafkaDesk', service: RunningService): void {
  running.push(service);
  announce(name, service.url);
}

/** After the last test file, also when tests failed. */
export async function stopServices(): Promise<void> {
  const ending = running.reverse();
  running = [];
  await cleanUp();
  for (const service of ending) await service.stop();
}

/** The run's own names let several runs share one server. */
async function createTemplate(url: string): Promise<void> {
  const template = `platform_template_${randomBytes(4).toString('hex')}`;
  announce('databaseUrl', url);
  announce('databaseTemplate', template);
  cleanUp = () => dropAll(template);
  await asAdministrator((client) => client.query(`CREATE DATABASE ${template} TEMPLATE template0 ENCODING 'UTF8'`));
  await prepareTemplate(onServer(url, template));
  await asAdministrator((client) =>
    client.query(`ALTER DATABASE ${template} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`),
  );
}

async function dropAll(template: string): Promise<void> {
  await asAdministrator(async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT datname AS name FROM pg_database WHERE datname = $1 OR starts_with(datname, $1 || '_')`,
      [template],
    );
    for (const { name } of rows) {
      await client.query(`ALTER DATABASE ${name} WITH IS_TEMPLATE false`);
      await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
    }
  });
}
