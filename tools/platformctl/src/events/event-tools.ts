import { loadConfig } from '@platform/foundation/config';
import { createLogger, type Logger } from '@platform/foundation/logging';
import { type PlatformConfig, platformSections } from '@platform/runtime/embedded-platform';
import type { SubgraphName } from '@platform/runtime/modules';
import { orderedDefinitions } from '@platform/runtime/subgraphs';
import { withDatabase } from '@platform/runtime/with-database';
import { SchemaTables } from './schema-tables.js';

/** What a command that looks after events works with. */
export interface EventTools {
  readonly config: PlatformConfig;
  readonly databaseUrl: string;
  readonly logger: Logger;
  /** Gives `work` the tables of one subgraph's schema, for as long as it takes. */
  readonly open: <T>(name: SubgraphName, work: (tables: SchemaTables) => Promise<T>) => Promise<T>;
}

/** Gives `work` the tools on the platform's database. Nothing is relayed meanwhile by this process. */
export async function withEventTools(
  set: readonly string[],
  work: (tools: EventTools) => Promise<void>,
): Promise<void> {
  const deployed = orderedDefinitions().flatMap(({ needs = [] }) => needs);
  const config = loadConfig(platformSections, { set: ['events.relay=false', ...set], deployed });
  const logger = createLogger({ ...config.logging, level: 'warn' }, { name: 'events' });
  await withDatabase(config, (url) =>
    work({
      config,
      databaseUrl: url,
      logger,
      open: (name, use) => SchemaTables.open(name, { url, config, logger }, use),
    }),
  );
}
