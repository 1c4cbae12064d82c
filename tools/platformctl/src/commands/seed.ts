import { authz } from '@platform/authz';
import { identity } from '@platform/identity';
import { kernelSections, loadConfig } from '@platform/kernel/config';
import { InProcessBus } from '@platform/kernel/events';
import { Lifecycle } from '@platform/kernel/lifecycle';
import { assembleSubgraph, type Subgraph } from '@platform/kernel/subgraph';
import { Command } from 'commander';
import { print, type SetOption, setOption } from '../options.js';
import { foundation } from '../platform/foundation.js';
import { httpEndpoints } from '../platform/http-endpoints.js';
import { migrateByHand } from '../platform/migrations.js';
import { recordOperator } from '../platform/operator.js';
import { type Administrator, seedAdministrator } from '../platform/seed-administrator.js';
import { withDatabase } from '../platform/with-database.js';

const sections = { ...kernelSections, ...identity.sections, ...authz.sections };

/** `platformctl seed`: system roles, permissions and the first administrator. Running it again changes nothing. */
export const seedCommand = (): Command =>
  new Command('seed')
    .description('make sure that the system roles and the first administrator exist')
    .addOption(setOption())
    .action(async ({ set }: SetOption) => {
      const deployed = ['seed.adminEmail', ...(identity.needs ?? [])];
      const config = loadConfig(sections, { set: ['events.relay=false', ...set], deployed });
      await withDatabase(config, async (databaseUrl) => {
        const shared = foundation(config, 'seed');
        await migrateByHand(databaseUrl, config, shared.logger);
        const { endpoint, part: connections } = httpEndpoints(shared);
        const seeded = new Map<string, Subgraph>();
        for (const definition of [identity, authz]) {
          const parts = { ...shared, databaseUrl, bus: new InProcessBus(), endpoint };
          seeded.set(definition.name, await assembleSubgraph(definition, parts));
        }
        const lifecycle = new Lifecycle(shared.logger, { shutdownTimeout: config.server.shutdownTimeout });
        lifecycle.add(...shared.parts, connections, ...[...seeded.values()].map(({ part }) => part));
        await lifecycle.start();
        try {
          const administrator = await seedAdministrator(seeded, config);
          // Printed first: a generated password is told once, whatever becomes of the entry.
          print(described(administrator));
          if (administrator.created) await recordOperator(config, { ...SEEDED, resourceId: administrator.id });
        } finally {
          await lifecycle.stop();
        }
      });
    });

const SEEDED = { action: 'platform.administrator.seeded', resource: 'administrator' };

function described({ email, created, generatedPassword }: Administrator): string {
  if (!created) return `The administrator ${email} was there already.`;
  return `Administrator ${email}${generatedPassword === null ? ' made.' : `, password ${generatedPassword}`}`;
}
