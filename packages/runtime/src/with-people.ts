import { generateKeyPairSync } from 'node:crypto';
import { authz, authzServices } from '@platform/authz';
import { InProcessBus } from '@platform/events';
import { loadConfig, processSections } from '@platform/foundation/config';
import { OperatorError } from '@platform/foundation/errors';
import { Lifecycle } from '@platform/foundation/lifecycle';
import { identity, identityServices } from '@platform/identity';
import { withTenant } from '@platform/postgres/tenancy';
import type { SubgraphEndpoint } from '@platform/subgraph-client/endpoints';
import { assembleSubgraph, type Subgraph, type SubgraphInfrastructure } from '@platform/subgraph-server/subgraph';
import { isMigrated, migrateByHand } from './migrations.js';
import { createProcessContext } from './process-context.js';
import { withDatabase } from './with-database.js';

const sections = { ...processSections, ...identity.sections, ...authz.sections };

const PEOPLE = [identity, authz] as const;

/** What a command does with people: what is announced waits in the outboxes for the platform's processes. */
export interface People {
  readonly config: ReturnType<typeof peopleConfig>;
  readonly identity: ReturnType<typeof identityServices>;
  readonly authz: ReturnType<typeof authzServices>;
}

/** Both subgraphs live in this process, so the tokens of their calls are signed with a key of this process. */
const peopleConfig = (set: readonly string[], deployed: readonly string[]) => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const keys = [
    `callerToken.privateKey=${JSON.stringify(privateKey.export({ format: 'jwk' }))}`,
    `callerToken.publicKey=${JSON.stringify(publicKey.export({ format: 'jwk' }))}`,
  ];
  return loadConfig(sections, {
    set: ['events.relay=false', ...set, ...keys],
    deployed: [...deployed, ...(identity.needs ?? [])],
  });
};

/** The database has no tables of the platform, or older ones. */
class NotMigrated extends OperatorError {
  constructor() {
    super('The database is not up to date. Run ./platformctl migrate first.');
  }
}

/** How a command works with people. */
interface PeopleOptions {
  /** The command's, for logs. */
  readonly name: string;
  readonly set: readonly string[];
  /** Brings every schema up to date first; without it the command fails where that is needed. */
  readonly migrate?: boolean;
  /** Keys that must have been told outside development and test, besides those of identity. */
  readonly deployed?: readonly string[];
}

/** Gives `work` identity and authz in the platform's own tenant, beside a running platform or without one: they answer, and do nothing by themselves. @throws NotMigrated */
export async function withPeople(
  { name, set, migrate = false, deployed = [] }: PeopleOptions,
  work: (people: People) => Promise<void>,
): Promise<void> {
  const config = peopleConfig(set, deployed);
  await withDatabase(config, async (databaseUrl) => {
    const shared = createProcessContext(config, name);
    if (migrate) await migrateByHand(databaseUrl, config, shared.logger);
    else if (!(await isMigrated(databaseUrl, PEOPLE))) throw new NotMigrated();
    const subgraphs = new Map<string, Subgraph>();
    const endpoint = (to: string): SubgraphEndpoint => ({
      execute: async (request, headers) => found(subgraphs, to).server.execute(request, headers),
    });
    for (const definition of PEOPLE) {
      const parts = { ...shared, databaseUrl, bus: new InProcessBus(), endpoint, background: false };
      subgraphs.set(definition.name, await assembleSubgraph(definition, parts));
    }
    const lifecycle = new Lifecycle(shared.logger, { shutdownTimeout: config.server.shutdownTimeout });
    lifecycle.add(...shared.parts, ...[...subgraphs.values()].map(({ part }) => part));
    await lifecycle.start();
    try {
      await withTenant(config.platform.tenantId, () => work({ config, ...peopleOf(subgraphs) }));
    } finally {
      await lifecycle.stop();
    }
  });
}

/** The services of both subgraphs, where they live in one process. */
export const peopleOf = (subgraphs: ReadonlyMap<string, Subgraph>): Omit<People, 'config'> => ({
  identity: identityServices(infrastructureOf(subgraphs, 'identity')),
  authz: authzServices(infrastructureOf(subgraphs, 'authz')),
});

const infrastructureOf = (subgraphs: ReadonlyMap<string, Subgraph>, name: string): SubgraphInfrastructure<never> =>
  found(subgraphs, name).infrastructure;

function found(subgraphs: ReadonlyMap<string, Subgraph>, name: string): Subgraph {
  const subgraph = subgraphs.get(name);
  if (!subgraph) throw new Error(`The subgraph ${name} is not part of this process`);
  return subgraph;
}
