import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineEvent } from '@platform/events';
import { EARLIEST_TIME, LATEST_TIME } from '@platform/foundation/clock';
import { randomRuns } from '@platform/testkit';
import fc from 'fast-check';
import { z } from 'zod';
import { TamperedLog } from './tampered-log.js';

const OLD = '2020-01-15T12:00:00.000Z';
const RECORD = 'mutation ($input: RecordAuditEntryInput!) { recordAuditEntry(input: $input) { id } }';
const ACCEPTED_OR_REFUSED = [undefined, 'BAD_USER_INPUT'];

const { runs, seed } = randomRuns(200);

/** Anything of which an event may be, also of a subgraph elsewhere. */
const happened = defineEvent({ type: 'elsewhere.thing.happened', resource: 'thing', data: z.unknown() });

const codeUnits = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) });
const text = fc.oneof(
  codeUnits,
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom(
    '\0',
    '\ud800',
    '\u202eevil',
    '',
    '"\\\u2028',
    '＝1+1',
    '=1+1',
    'a'.repeat(200),
    'İ',
    '\u0301'.repeat(50),
  ),
);
/** As the API takes it, now and then. */
const mostlyPlain = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).map((each) => `x${each}`) },
  { weight: 1, arbitrary: text },
);
const number = fc.oneof(fc.double(), fc.constantFrom(-0, 1e308, 5e-324, 2 ** 53, 1e21, 1e-7, 0.1 + 0.2));
const name = fc.oneof(text, fc.constantFrom('__proto__', 'toJSON', 'constructor', 'userId', 'password', ''));
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    number,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(name, tie('json'), { maxKeys: 4 }),
  ),
}));
const ofEvents = fc.date({ min: EARLIEST_TIME, max: LATEST_TIME, noInvalidDate: true });
const now = Date.now();
const ofReports = fc.oneof(
  fc
    .date({ min: new Date(now - 40 * 86_400_000), max: new Date(now + 60_000), noInvalidDate: true })
    .map((time) => time.toISOString()),
  fc.constantFrom(
    '0000-06-01T00:00:00Z',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
    new Date(now).toISOString(),
  ),
);
const uuid = fc.uuid().chain((id) => fc.constantFrom(id, id.toUpperCase()));
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const input = fc.record(
  {
    action: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom('a.b', 'shop.order.paid', 'x-1_2') },
      { weight: 1, arbitrary: text },
    ),
    resource: fc.oneof({ weight: 5, arbitrary: fc.constantFrom('user', 'thing') }, { weight: 1, arbitrary: text }),
    resourceId: fc.oneof(mostlyPlain, uuid),
    outcome: fc.constantFrom('SUCCESS', 'DENIED', 'FAILED'),
    metadata: json,
    occurredAt: ofReports,
    actorId: fc.oneof(mostlyPlain, uuid),
    serviceAccountId: uuid,
    ipAddress: mostlyPlain,
    userAgent: mostlyPlain,
  },
  { requiredKeys: ['action', 'resource'] },
);

const event = fc.record({
  subject: fc.oneof(
    uuid,
    text.filter((each) => each !== ''),
  ),
  time: ofEvents.map((time) => time.toISOString()),
  resource: fc.constantFrom('user', 'thing'),
  outcome: fc.constantFrom('SUCCESS' as const, 'DENIED' as const, 'FAILED' as const),
  actor: maybe(fc.oneof(uuid, text)),
  serviceaccountid: maybe(fc.oneof(uuid, text)),
  apikeyid: maybe(uuid),
  requestid: maybe(text),
  clientip: maybe(text),
  useragent: maybe(text),
  traceparent: maybe(text),
  data: json,
});

/** What is hashed when it is recorded is what is read back, wherever that is. */
describe('whatever the audit log takes', () => {
  let log: TamperedLog;

  beforeAll(async () => {
    log = await TamperedLog.start();
    const service = log.harness.asService('reports', ['audit.entry.record']);
    await log.addOfThePast(OLD, async () => {
      for (const each of fc.sample(input, { numRuns: runs, seed })) {
        const { errors } = await service.request(RECORD, { input: each });
        expect(ACCEPTED_OR_REFUSED).toContain(errors?.[0]?.extensions?.['code']);
      }
      for (const each of fc.sample(event, { numRuns: runs, seed })) await log.harness.deliver(happened, each);
    });
    const [{ recorded }] = await log.harness.sql('SELECT count(*)::int AS recorded FROM audit_entry');
    expect(recorded).toBeGreaterThan(runs * 1.1);
    await log.record(300);
  });
  afterAll(() => log.stop());

  it('was no mistake of ours, and no event was given up', async () => {
    expect(log.harness.unexpected).toEqual([]);
    expect(await log.harness.sql('SELECT reason FROM dead_letter')).toEqual([]);
  });

  it('verifies in the database', async () => {
    expect(await log.verify()).toMatchObject({ code: 0, printed: expect.stringContaining('The log is whole.') });
  });

  it.each([
    ['whole', []],
    ['as a selection', ['--resource', 'thing']],
  ])('verifies when it is exported %s', async (_, selection) => {
    const file = join(log.dataDir, `${selection.length}.jsonl`);
    await log.run('export', '--output', file, ...selection);
    const { printed: key } = await log.run('key');
    expect(await log.run('verify', '--export', file, '--public-key', key.trim())).toMatchObject({
      code: 0,
      printed: expect.stringContaining('The log is whole'),
    });
  });

  it('is in the CSV that people read', async () => {
    const file = join(log.dataDir, 'all.csv');
    expect(await log.run('export', '--format', 'csv', '--output', file)).toMatchObject({ code: 0 });
    const records = (await readFile(file, 'utf8')).match(/,[0-9a-f]{64},[0-9a-f-]*\r\n/g);
    expect(records).toHaveLength((await log.entries()).length);
  });

  it('verifies when it is in the archive', async () => {
    expect(await log.run('archive')).toMatchObject({
      code: 0,
      printed: expect.stringContaining('1 months were archived.'),
    });
    await log.kept();
    expect(await log.verify()).toMatchObject({ code: 0, printed: expect.stringContaining('The log is whole.') });
  });
});
