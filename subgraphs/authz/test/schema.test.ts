import { authz as definition } from '@platform/authz';
import { createLogger } from '@platform/foundation/logging';
import { schemaDifferences } from '@platform/postgres/database';
import { useAuthz } from './authz-under-test.js';

describe('the schema of authz', () => {
  const authz = useAuthz();

  it('is migrated to what the entities say', async () => {
    const { config, databaseUrl } = authz.harness;
    const differences = await schemaDifferences({
      url: databaseUrl,
      roleSecret: config.database.roleSecret,
      schemas: [{ schema: definition.name, entities: definition.entities }],
      logger: createLogger(config.logging),
    });
    expect(differences).toEqual([]);
  });

  it('declares entities that other subgraphs can refer to', () => {
    for (const key of [
      'type User @key(fields: "id")',
      'type Role @key(fields: "id")',
      'type Permission @key(fields: "code")',
      'type Membership @key(fields: "organization { id } user { id }")',
      'type Organization @key(fields: "id", resolvable: false)',
    ]) {
      expect(authz.harness.typeDefs).toContain(key);
    }
  });
});
