import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { eventually, PlatformProcess } from '@platform/testkit';
import { parse } from 'yaml';
import { composeFile } from '../architecture/compose-file.js';
import { envFile } from '../architecture/compose-variables.js';
import { freePorts } from '../e2e/free-ports.js';
import { alertExpression, firing, samplesOf } from './scraped.js';

describe('the alert on failing checks', () => {
  let process: PlatformProcess;
  let url: string;

  beforeAll(async () => {
    const [port] = await freePorts(1);
    url = `http://127.0.0.1:${port}`;
    process = PlatformProcess.start(['start', 'router'], {
      PLATFORM_ENV: 'test',
      SERVER_PORT: String(port),
      REDIS_URL: 'redis://127.0.0.1:1',
      LOGGING_LEVEL: 'info',
      ROUTER_COMPOSE_ON_START: 'false',
    });
    await process.prints(/Listening on/);
  });
  afterAll(() => process?.end());

  it('fires by what is scraped alone, without anybody who asks for /ready', async () => {
    await eventually(async () => {
      const samples = samplesOf(await (await fetch(`${url}/metrics`)).text());
      const checks = firing(alertExpression('HealthCheckFailing'), samples).map(({ check }) => check);
      expect(checks).toContain('redis');
    });
  });
});

describe('prometheus.yml', () => {
  it('scrapes every process of the compose file, each replica too', () => {
    const services = Object.entries(composeFile(envFile('.env.development')).services);
    const processes = services.filter(([, { command = [] }]) => command[0] === 'start');
    const { scrape_configs: jobs } = parse(
      readFileSync(join(projectRoot(), 'deploy/prometheus/prometheus.yml'), 'utf8'),
    );
    const targets = jobs.flatMap((job: { static_configs: { targets: string[] }[] }) =>
      job.static_configs.flatMap((group) => group.targets),
    );
    expect(targets.toSorted()).toEqual(
      processes.map(([name, { environment = {} }]) => `${name}:${environment.SERVER_PORT}`).toSorted(),
    );
  });
});
