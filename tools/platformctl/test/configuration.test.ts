import { PlatformProcess } from '@platform/testkit';

const run = PlatformProcess.run;
const lines = (printed: string): string[] => printed.trim().split('\n');
const mistakes = (printed: string): string[] =>
  lines(printed)
    .filter((line) => line.startsWith('  - '))
    .map((line) => line.slice(4).split(':')[0] as string);

describe('platformctl config show', () => {
  it('prints every key with its value, its source and its variable, and no secret', async () => {
    const { code, printed } = await run(['config', 'show', '--set', 'logging.level=warn'], {
      DATABASE_URL: 'postgres://owner:hunter2hunter2@db/platform',
      SEED_ADMIN_PASSWORD: 'hunter2hunter2',
      IDENTITY_KEY_ENCRYPTION_SECRET: 'hunter2hunter2hunter2hunter2hunter2',
      REDIS_URL: 'redis://:hunter2hunter2@redis',
    });

    expect(code).toBe(0);
    expect(lines(printed)).toContain('logging.level = "warn"  # --set; LOGGING_LEVEL');
    expect(lines(printed)).toContain('database.url = "********"  # DATABASE_URL; DATABASE_URL');
    expect(lines(printed)).toContain('router.maxTokens = 10000  # config/default.yaml; ROUTER_MAX_TOKENS');
    expect(printed).not.toContain('hunter2');
    expect(printed).not.toContain('"d"');
  });
});

describe('a mistaken configuration', () => {
  it('is told whole, and ends the process with 1', async () => {
    const { code, printed } = await run(['dev', '--set', 'server.prot=1', '--set', 'nonsense'], {
      SERVER_SHUTDOWN_TIMEOUT: 'soon',
      DATABASE_POOL_MAX: '-1',
      REDIS_URL: 'not a url',
    });

    expect(code).toBe(1);
    expect(printed).toContain('The configuration has 5 mistakes:');
    expect(mistakes(printed).sort()).toEqual(
      ['--set nonsense', 'database.poolMax', 'redis.url', 'server.prot', 'server.shutdownTimeout'].sort(),
    );
    expect(printed).toContain('did you mean server.port?');
    expect(printed).toContain('"soon" from SERVER_SHUTDOWN_TIMEOUT');
    expect(printed).not.toContain('not a url');
  });

  it('of a subgraph on its own names the services that it cannot do without', async () => {
    const { code, printed } = await run(['start', 'blog']);
    expect(code).toBe(1);
    expect(mistakes(printed)).toEqual(['database.url', 'redis.url']);
    expect(printed).toContain('set DATABASE_URL');
    expect(printed).toContain('set REDIS_URL');
  });

  it('in production is also a secret of development', async () => {
    const { printed } = await run(['start', 'blog'], {
      PLATFORM_ENV: 'production',
      DATABASE_ROLE_SECRET: 'development-role-secret-not-for-production',
    });
    expect(printed).toContain('database.roleSecret: the committed development value is refused in production');
    expect(printed).not.toContain('development-role-secret');
  });
});
