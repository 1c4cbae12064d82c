import { defineSubgraph } from '@platform/kernel/subgraph';
import { auditSections } from './config.js';
import { AuditEntry } from './entities/index.js';
import { recordEveryEvent } from './events/record-every-event.js';
import { auditLoaders, RecordedEntries } from './loaders/index.js';
import { access } from './permissions.js';
import { AuditEntryResolver, references } from './resolvers/index.js';
import { AuditSearch, AuditService } from './services/index.js';

/** An append-only record of everything that happens on the platform. */
export const audit = defineSubgraph({
  name: 'audit',
  entities: [AuditEntry],
  sections: auditSections,
  compose: ({ config, database, clock }) => {
    const recorded = new RecordedEntries(database, config.events.liveBuffer);

    return {
      resolvers: [new AuditEntryResolver(new AuditService(database, clock), new AuditSearch(database))],
      references,
      access,
      loaders: auditLoaders(database, recorded),
      handlers: [recordEveryEvent(config.audit)],
      parts: [recorded],
    };
  },
});
