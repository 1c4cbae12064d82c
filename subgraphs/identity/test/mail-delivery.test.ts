import { randomUUID } from 'node:crypto';
import { verificationRequested } from '@platform/contracts';
import { SmtpMailer } from '@platform/mail';
import { MailQueue } from '@platform/mail-queue';
import { eventually, MailServer } from '@platform/testkit';
import { mailHandlers } from '../src/events/index.js';
import { AccountMails } from '../src/services/account-mails.js';
import { EmailChangeMails } from '../src/services/email-change/index.js';
import { SecurityNotices } from '../src/services/security-notices.js';
import { OneTimeTokens } from '../src/services/tokens/index.js';
import { PASSWORD, useIdentity } from './identity-under-test.js';
import * as operations from './operations.js';

describe('mails of accounts', () => {
  const server = new MailServer();
  let mailer: SmtpMailer;
  beforeAll(() => server.start());
  const identity = useIdentity({
    mailer({ mail }) {
      mailer = new SmtpMailer({ ...mail, smtp: { ...mail.smtp, host: '127.0.0.1', port: server.port, tls: 'none' } });
      return mailer;
    },
  });
  afterAll(async () => {
    await mailer.stop();
    await server.stop();
  });

  const register = async (email: string): Promise<void> => {
    await identity.guest().data(operations.register, { input: { email, password: PASSWORD } });
  };
  const queued = () => identity.harness.sql('SELECT handler, attempts, last_error FROM mail_queue');
  const deadLetters = () => identity.harness.sql('SELECT handler, reason FROM dead_letter');

  it('leave by SMTP, with a link that works', async () => {
    const email = `${randomUUID()}@example.com`;
    await register(email);

    const { message } = await server.mailTo(email);
    const [link] = message.text?.match(/http\S+verify-email\S+/) ?? [];
    const token = new URL(link as string).searchParams.get('token');
    expect(await identity.guest().data(operations.verifyEmail, { token })).toEqual({ verifyEmail: true });
    await eventually(async () => expect(await queued()).toEqual([]));
  });

  it('wait while the mail server is away, hold up nothing else, and leave once it is back', async () => {
    await server.stop();
    const emails = [1, 2, 3].map(() => `${randomUUID()}@example.com`);
    for (const email of emails) await register(email);
    await eventually(async () =>
      expect((await queued()).map(({ attempts }) => attempts > 1)).toEqual([true, true, true]),
    );
    expect(await deadLetters()).toEqual([]);
    const waiting = await identity.harness.sql('SELECT type FROM outbox WHERE published_at IS NULL');
    expect(waiting).toEqual([]);

    await server.start();
    for (const email of emails) await server.mailTo(email);
    await eventually(async () => expect(await queued()).toEqual([]));
    const received = server.mails.filter(({ recipients }) => emails.includes(recipients[0] as string));
    expect(received).toHaveLength(3);
  });

  it('say nothing secret while they wait', async () => {
    await server.stop();
    const email = `${randomUUID()}@example.com`;
    await register(email);
    const [row] = await eventually(async () => {
      const rows = await identity.harness.sql('SELECT row_to_json(mail_queue)::text AS text FROM mail_queue');
      expect(rows).toHaveLength(1);
      return rows;
    });
    expect(row.text).not.toContain(email);
    expect(row.text).not.toContain('token=');
    await server.start();
    await server.mailTo(email);
  });

  it('that the server refuses are put aside with the reason, and the others leave', async () => {
    const [nobody, somebody] = [`${randomUUID()}@example.com`, `${randomUUID()}@example.com`];
    server.refuse(nobody, 550);
    await register(nobody);
    await register(somebody);

    await server.mailTo(somebody);
    await eventually(async () =>
      expect(await deadLetters()).toEqual([
        { handler: 'identity.mail-verification-link', reason: expect.stringContaining('550') },
      ]),
    );
    expect(identity.harness.unexpected.splice(0)).toHaveLength(1);
    await eventually(async () => expect(await queued()).toEqual([]));
  });

  it('leave once, however often their event is delivered and however many processes send', async () => {
    const { config, database, clock, errors, logger, metrics } = identity.infrastructure();
    const mails = new AccountMails(mailer, new OneTimeTokens(clock), config.app, config.identity);
    const changes = new EmailChangeMails(mailer, config.app, clock);
    const others = [1, 2, 3].map(
      () =>
        new MailQueue(
          mailHandlers(mails, new SecurityNotices(mailer, config.app), changes, { find: () => null }),
          database,
          config.mail,
          {
            errors,
            logger,
            metrics,
          },
        ),
    );
    for (const other of others) await other.start();

    const emails = Array.from({ length: 10 }, () => `${randomUUID()}@example.com`);
    for (const email of emails) await register(email);
    const requested = (await identity.harness.outbox()).filter(({ type }) => type === verificationRequested.type);
    for (const event of requested.slice(-10)) await identity.harness.bus.publish([event]);
    for (const email of emails) await server.mailTo(email);
    await eventually(async () => expect(await queued()).toEqual([]));
    for (const other of others) await other.stop();

    const received = server.mails.filter(({ recipients }) => emails.includes(recipients[0] as string));
    expect(received).toHaveLength(10);
  });
});

describe('a mail that could not leave for too long', () => {
  const away = new SmtpMailer({
    from: 'a@example.com',
    concurrency: 1,
    smtp: { host: '127.0.0.1', port: 1, tls: 'none', user: null, password: null, timeout: 1_000 },
  });
  const identity = useIdentity({ mailer: () => away, set: ['mail.expireAfter=200ms'] });
  afterAll(() => away.stop());

  it('is put aside with the reason', async () => {
    await identity
      .guest()
      .data(operations.register, { input: { email: `${randomUUID()}@example.com`, password: PASSWORD } });
    await eventually(async () =>
      expect(await identity.harness.sql('SELECT reason FROM dead_letter')).toEqual([
        { reason: expect.stringContaining('ECONNREFUSED') },
      ]),
    );
    expect(await identity.harness.sql('SELECT FROM mail_queue')).toEqual([]);
    expect(identity.harness.unexpected.splice(0)).toHaveLength(1);
  });
});
