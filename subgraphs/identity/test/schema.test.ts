import { createLogger } from '@platform/foundation/logging';
import { identity as definition } from '@platform/identity';
import { schemaDifferences } from '@platform/postgres/database';
import { useIdentity } from './identity-under-test.js';

describe('the schema of identity', () => {
  const identity = useIdentity();

  it('is migrated to what the entities say', async () => {
    const { config, databaseUrl } = identity.harness;
    const differences = await schemaDifferences({
      url: databaseUrl,
      roleSecret: config.database.roleSecret,
      schemas: [{ schema: definition.name, entities: definition.entities }],
      logger: createLogger(config.logging),
    });
    expect(differences).toEqual([]);
  });

  it('declares what the router resolves by reference', () => {
    expect(identity.harness.typeDefs).toContain('type User @key(fields: "id")');
    expect(identity.harness.typeDefs).toContain('type Session @key(fields: "id")');
    expect(identity.harness.typeDefs).toContain('signingKeys: JSON! @inaccessible');
  });
});
