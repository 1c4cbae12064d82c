import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { subgraphNames } from '@platform/runtime/modules';
import { createTestDatabase } from '@platform/testkit';
import pg from 'pg';

/** Columns that could name a user and need not forget anybody, and why. `*` stands for every schema, table or both. */
const OTHERWISE: Record<string, string> = {
  '*.tenant_id': 'an organization',
  '*.id': 'the row itself',
  '*.last_organization_id': 'an organization',
  '*.outbox.event_id': 'an event',
  '*.outbox.subject': 'cleared once it is sent; ids in events are opaque and stay',
  '*.inbox.event_id': 'an event',
  'identity.external_identities.subject': 'an account at a provider; the row goes with its user',
  'identity.external_logins.subject': 'an account at a provider, for a minute',
  '*.dead_letter.event_id': 'an event',
  '*.deleted_users.user_id': 'remembers whom to forget',
  'identity.users.id': 'the row itself is anonymised, and its id stays, so that references lead somewhere',
  'identity.mail_queue.event_id': 'an event',
  'authz.subjects.user_id': 'deleted_at remembers whom to forget; assignments refer to it',
  'blog.cover_upload.post_id': 'a post',
  'audit.audit_entry.actor_id': 'who did what stays; personal data is sealed under a key that is destroyed',
  'audit.audit_entry.service_account_id': 'a machine of an organization',
  'audit.audit_entry.resource_id': 'what it was done to stays; personal data is sealed under a key that is destroyed',
  'audit.audit_entry.request_id': 'a request',
  'audit.audit_entry.trace_id': 'a trace',
  'audit.subject_key.subject': 'destroyed_at remembers whom to forget',
  'audit.export_job.asked_by': 'who asked for an export stays, as in the log',
};

interface Column {
  readonly name: string;
  /** Written through the trigger `forget_deleted_users`, or refers to a row of the schema that is listed or covered itself. */
  readonly covered: boolean;
}

const COLUMNS = `
  SELECT format('%s.%s.%s', schema.nspname, class.relname, attribute.attname) AS name,
         EXISTS (SELECT FROM pg_constraint WHERE contype = 'f' AND conrelid = class.oid AND attribute.attnum = ANY (conkey))
         OR EXISTS (
           SELECT FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
            WHERE tgrelid = class.oid AND proname = 'forget_deleted_users' AND tgenabled <> 'D'
              AND (tgtype & 2) > 0 AND (tgtype & 4) > 0 AND (tgtype & 16) > 0
              AND attribute.attname = ANY (string_to_array(encode(tgargs, 'escape'), E'\\\\000'))
         ) AS covered
    FROM pg_attribute attribute
    JOIN pg_class class ON class.oid = attrelid AND relkind IN ('r', 'p') AND NOT relispartition
    JOIN pg_namespace schema ON schema.oid = relnamespace
   WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND attnum > 0 AND NOT attisdropped
     AND (atttypid = 'uuid'::regtype
          OR attname ~ '(^|_)(id|by|user|actor|author|owner|subject|recipient|member|holder|assignee|reviewer|creator)s?$'
             AND atttypid IN ('text'::regtype, 'varchar'::regtype))
   ORDER BY name`;

const isListed = (name: string): boolean => {
  const [, table, column] = name.split('.');
  return [name, `*.${table}.${column}`, `*.${column}`].some((key) => key in OTHERWISE);
};

/** A user's id that a schema keeps must be anonymised when the user is deleted, also when it is written at that very moment. */
describe('every column that can hold the id of a user', () => {
  const columns: Column[] = [];
  beforeAll(async () => {
    const database = await createTestDatabase();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    columns.push(...(await client.query<Column>(COLUMNS)).rows);
    await client.end();
    await database.drop();
  });

  it('forgets deleted users by trigger, or with the row it refers to, or is listed here with the reason why not', () => {
    expect(columns.filter(({ name, covered }) => !covered && !isListed(name)).map(({ name }) => name)).toEqual([]);
  });

  it('is one that the trigger is on, for what blog keeps', () => {
    for (const name of ['blog.post.author_id', 'blog.comment.author_id', 'blog.cover_upload.uploader_id']) {
      expect(columns).toContainEqual({ name, covered: true });
    }
  });

  it('is there, as far as it is listed', () => {
    const gone = Object.keys(OTHERWISE).filter((key) => {
      const parts = key.split('.').filter((part) => part !== '*');
      return !columns.some(({ name }) => name === key || name.endsWith(`.${parts.join('.')}`));
    });
    expect(gone).toEqual([]);
  });
});

/** Dead letters outlive most things, and what was sent stays in the outbox for a while. */
describe('a user who is deleted', () => {
  it.each(subgraphNames)('is erased from the copies of events in the schema of %s', (name) => {
    const source = (file: string) => readFileSync(join(projectRoot(), 'subgraphs', name, 'src', file), 'utf8');
    expect(source('events/erase-event-copies-when-user-deleted.ts')).toContain(`'${name}.erase-event-copies'`);
    expect(source('main.ts')).toMatch(/handlers: \[[^\]]*eraseEventCopiesWhenUserDeleted/);
  });
});
