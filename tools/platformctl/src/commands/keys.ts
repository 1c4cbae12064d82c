import { InProcessBus } from '@platform/events';
import { loadConfig, type ProcessConfig, processSections } from '@platform/foundation/config';
import { Lifecycle } from '@platform/foundation/lifecycle';
import { identity, identityServices } from '@platform/identity';
import { withTenant } from '@platform/postgres/tenancy';
import { httpEndpoints } from '@platform/runtime/http-endpoints';
import { operator } from '@platform/runtime/operator';
import { createProcessContext } from '@platform/runtime/process-context';
import { withDatabase } from '@platform/runtime/with-database';
import { assembleSubgraph } from '@platform/subgraph-server/subgraph';
import { Command } from 'commander';
import { print, type SetOption, setOption } from '../options.js';

type Keys = ReturnType<typeof identityServices>['keys'];

/** `platformctl keys`: the keys that sign access tokens. */
export const keysCommand = (): Command =>
  new Command('keys')
    .description('look at and rotate the keys that sign access tokens')
    .addCommand(
      new Command('list')
        .description('every key, newest first: NEXT, SIGNING, VERIFYING or RETIRED')
        .addOption(setOption())
        .action(({ set }: SetOption) => withKeys(set, list)),
    )
    .addCommand(
      new Command('rotate')
        .description('put a new key in the place of the present one; tokens that were signed stay good')
        .option('--revoke', 'the keys are compromised: end them, and all tokens that they signed, at once')
        .addOption(setOption())
        .action(({ set, revoke }: SetOption & { revoke?: boolean }) => withKeys(set, revoke ? revokeAll : rotate)),
    );

async function list(keys: Keys): Promise<void> {
  for (const { key, state } of await keys.list()) {
    const until = key.retiredAt ? `until ${key.retiredAt.toISOString()}` : '';
    print(`${key.kid}  ${key.algorithm}  ${state.padEnd(9)}  from ${key.signsFrom.toISOString()}  ${until}`.trimEnd());
  }
}

async function rotate(keys: Keys): Promise<void> {
  const { kid, signsFrom } = await keys.rotate(operator());
  print(`The key ${kid} is published and signs from ${signsFrom.toISOString()}.`);
}

async function revokeAll(keys: Keys, { redis }: ProcessConfig): Promise<void> {
  const { kid } = await keys.revokeAll(operator());
  print(`Every key was revoked, and with it every access token. The key ${kid} signs now.`);
  if (redis.url === null) print('Without REDIS_URL a running platform learns of it when it is restarted.');
}

/** What is announced waits in identity's outbox for its process. */
async function withKeys(set: string[], work: (keys: Keys, config: ProcessConfig) => Promise<void>): Promise<void> {
  const config = loadConfig(
    { ...processSections, ...identity.sections },
    { set: ['events.relay=false', 'identity.keyRotation.interval=0s', ...set], deployed: identity.needs },
  );
  await withDatabase(config, async (databaseUrl) => {
    const shared = createProcessContext(config, 'keys');
    const { endpoint, part: connections } = httpEndpoints(shared);
    const parts = { ...shared, databaseUrl, bus: new InProcessBus(), endpoint };
    const { part, infrastructure } = await assembleSubgraph(identity, parts);
    const lifecycle = new Lifecycle(shared.logger, { shutdownTimeout: config.server.shutdownTimeout });
    lifecycle.add(...shared.parts, connections, part);
    await lifecycle.start();
    try {
      await withTenant(config.platform.tenantId, () => work(identityServices(infrastructure).keys, config));
    } finally {
      await lifecycle.stop();
    }
  });
}
