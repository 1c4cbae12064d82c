import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { jest } from '@jest/globals';
import { loadConfig, processSections } from '@platform/foundation/config';
import { MailRejected, SmtpMailer } from '@platform/mail';
import { contents, MailServer, TestAuthority } from '@platform/testkit';

const mail = {
  to: 'ada@example.com',
  subject: 'Grüße an Ada',
  text: 'Follow http://localhost/verify-email?token=abc',
  html: '<p><a href="http://localhost/verify-email?token=abc">Follow</a></p>',
  links: ['http://localhost/verify-email?token=abc'],
};

describe('mail by SMTP', () => {
  const stopping: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const part of stopping.splice(0).reverse()) await part.stop();
  });

  async function serverOf(options?: ConstructorParameters<typeof MailServer>[0]): Promise<MailServer> {
    const server = new MailServer(options);
    await server.start();
    stopping.push(server);
    return server;
  }

  function mailerTo({ port }: MailServer, set: string[] = []): SmtpMailer {
    const own = ['host=127.0.0.1', `port=${port}`, 'tls=none', 'timeout=2s', ...set].map((pair) => `mail.smtp.${pair}`);
    const mailer = new SmtpMailer(loadConfig(processSections, { environment: 'test', set: own }).mail);
    stopping.push(mailer);
    return mailer;
  }

  it('arrives as it was written, from the configured sender', async () => {
    const server = await serverOf();
    await mailerTo(server).send(mail);

    const { from, recipients, message } = await server.mailTo(mail.to);
    expect({ from, recipients }).toEqual({ from: 'no-reply@localhost', recipients: [mail.to] });
    expect(message).toMatchObject({
      from: { name: 'Platform', address: 'no-reply@localhost' },
      to: [{ address: mail.to }],
      subject: mail.subject,
    });
    expect(message.text?.trim()).toBe(mail.text);
    expect(message.html?.trim()).toBe(mail.html);
  });

  it('uses the connections that it has', async () => {
    const server = await serverOf();
    const mailer = mailerTo(server);
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => mailer.send({ ...mail, to: `ada-${index}@example.com` })),
    );
    expect(server.mails).toHaveLength(20);
    expect(server.connections).toBeLessThanOrEqual(2);
  });

  it('signs in where there is a user, and can try again when the password was wrong', async () => {
    const server = await serverOf({ login: { user: 'platform', password: 'secret' } });
    await mailerTo(server, ['user=platform', 'password=secret']).send(mail);
    expect((await server.mailTo(mail.to)).user).toBe('platform');

    const wrong = await mailerTo(server, ['user=platform', 'password=wrong'])
      .send(mail)
      .catch((error) => error);
    expect(wrong).toMatchObject({ code: 'EAUTH' });
    expect(wrong).not.toBeInstanceOf(MailRejected);
    expect(server.mails).toHaveLength(1);
  });

  it('speaks TLS, and only then signs in, with a server whose certificate is trusted', async () => {
    const trusted = getCACertificates('default');
    const authority = new TestAuthority();
    try {
      setDefaultCACertificates([...trusted, readFileSync(authority.ca.cert, 'utf8')]);
      const server = await serverOf({
        tls: contents(authority.issue('localhost')),
        login: { user: 'platform', password: 'secret' },
      });
      await mailerTo(server, ['host=localhost', 'tls=starttls', 'user=platform', 'password=secret']).send(mail);
      expect(await server.mailTo(mail.to)).toMatchObject({ user: 'platform', encrypted: true });
    } finally {
      setDefaultCACertificates(trusted);
      authority.remove();
    }
  });

  it.each([
    ['does not offer it', {}],
    ['shows a certificate that nobody trusts', { tls: true }],
  ])('says nothing to a server that must speak TLS and %s', async (_what, options) => {
    const warned = jest.spyOn(console, 'error').mockImplementation(() => {}); // smtp-server, of its own certificate
    const server = await serverOf({ ...options, login: { user: 'platform', password: 'secret' } });
    const mailer = mailerTo(server, ['tls=starttls', 'user=platform', 'password=secret']);
    await expect(mailer.send(mail)).rejects.toThrow();
    expect(server.mails).toEqual([]);
    warned.mockRestore();
  });

  it.each([
    ['an address with a line break', { to: 'ada@example.com\r\nBcc: eve@example.com' }],
    ['an address with a command', { to: 'ada@example.com>\r\nRCPT TO:<eve@example.com' }],
    ['a subject with a line break', { subject: 'Hello\nBcc: eve@example.com' }],
  ])('refuses %s', async (_what, hostile) => {
    const server = await serverOf();
    await expect(mailerTo(server).send({ ...mail, ...hostile })).rejects.toBeInstanceOf(MailRejected);
    expect(server.mails).toEqual([]);
  });

  it('goes to one recipient, whatever the address holds', async () => {
    const server = await serverOf();
    await mailerTo(server)
      .send({ ...mail, to: 'ada@example.com, eve@example.com' })
      .catch(() => {});
    expect(server.mails.flatMap(({ recipients }) => recipients)).not.toContain('eve@example.com');
  });

  it('is refused for good by a 5yz reply, and for now by a 4yz reply', async () => {
    const server = await serverOf();
    const mailer = mailerTo(server);
    server.refuse(mail.to, 550);
    await expect(mailer.send(mail)).rejects.toBeInstanceOf(MailRejected);
    server.refuse(mail.to, 450);
    await expect(mailer.send(mail)).rejects.not.toBeInstanceOf(MailRejected);
    server.refuse(mail.to, undefined);
    await mailer.send(mail);
    expect(server.mails).toHaveLength(1);
  });

  it('fails while the server is away, which its health check tells, and works once it is back', async () => {
    const server = await serverOf();
    const mailer = mailerTo(server);
    await mailer.send(mail);
    await mailer.healthCheck.check();
    expect(mailer.healthCheck).toMatchObject({ name: 'mail', severity: 'soft' });

    await server.stop();
    await expect(mailer.send(mail)).rejects.not.toBeInstanceOf(MailRejected);
    await expect(mailer.healthCheck.check()).rejects.toThrow();

    await server.start();
    await mailer.send(mail);
    await mailer.healthCheck.check();
    expect(server.mails).toHaveLength(2);
  });
});
