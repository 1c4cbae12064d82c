import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as contracts from '@platform/contracts';
import type { EventDefinition } from '@platform/events';
import { projectRoot } from '@platform/foundation/config';

interface JsonSchema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** Members of events that are text and yet nothing personal: names of roles, codes, what an operator at a terminal is called. */
const NOT_PERSONAL = new Set([
  'blog.post.cover_requested contentType',
  'blog.post.published tags',
  'platform.api_key.created scopes',
  'platform.api_key.expired scopes',
  'platform.api_key.revoked scopes',
  'platform.external_identity.linked provider',
  'platform.external_identity.unlinked provider',
  'platform.organization.suspended reason',
  'platform.organization.updated fields',
  'platform.permission.granted permissions',
  'platform.permission.revoked permissions',
  'platform.role.assigned name',
  'platform.role.created name',
  'platform.role.deleted name',
  'platform.role.revoked name',
  'platform.role.updated name',
  'platform.service_account.role_assigned name',
  'platform.service_account.role_revoked name',
  'platform.service_account.updated fields',
  'platform.session.revoked reason',
  'platform.signing_key.revoked keyId',
  'platform.signing_key.revoked operator',
  'platform.signing_key.rotated keyId',
  'platform.signing_key.rotated operator',
  'platform.signing_key.rotated signsFrom',
  'platform.user.login_failed reason',
  'platform.user.updated fields',
]);

const isFreeText = ({ type, format, enum: values, anyOf = [], items }: JsonSchema): boolean =>
  (type === 'string' && format !== 'uuid' && values === undefined) ||
  anyOf.some(isFreeText) ||
  (items !== undefined && isFreeText(items));

/** The audit log erases with a person what an event's definition calls personal, and keeps the rest for as long as itself. */
describe('the data of an event', () => {
  const definitions = Object.values(contracts as Record<string, object>).filter(
    (each): each is EventDefinition => 'personal' in each,
  );
  const schemas: Record<string, { data: JsonSchema }> = JSON.parse(
    readFileSync(join(projectRoot(), 'packages', 'contracts', 'event-schemas.json'), 'utf8'),
  );
  const membersOf = ({ type }: EventDefinition) => Object.entries(schemas[type]?.data.properties ?? {});

  it('says of each text whether it is personal', () => {
    const undecided = definitions.flatMap((definition) =>
      membersOf(definition)
        .filter(([name, schema]) => isFreeText(schema) && !definition.personal.members.includes(name))
        .map(([name]) => `${definition.type} ${name}`)
        .filter((member) => !NOT_PERSONAL.has(member)),
    );
    expect(definitions.length).toBeGreaterThan(20);
    expect(undecided).toEqual([]);
  });

  it('has the members that it calls personal, and the id of their person', () => {
    for (const definition of definitions) {
      const names = membersOf(definition).map(([name]) => name);
      const { members, of } = definition.personal;
      expect(names).toEqual(expect.arrayContaining([...members, ...(of === null ? [] : [of])]));
      expect(of === null).toBe(members.length === 0);
    }
  });
});
