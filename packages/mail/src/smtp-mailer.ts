import type { MailConfig } from '@platform/foundation/config';
import type { HealthCheck } from '@platform/foundation/health';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import { createTransport, type Transporter } from 'nodemailer';
import { MailRejected } from './mail-rejected.js';
import type { Mail, Mailer } from './mailer.js';

/** Hands mails to an SMTP server, over a few connections that are kept. */
export class SmtpMailer implements Mailer, LifecycleComponent {
  readonly name = 'smtp';
  private readonly transport: Transporter;

  constructor({ from, concurrency, smtp }: Pick<MailConfig, 'from' | 'concurrency' | 'smtp'>) {
    const { host, port, tls, user, password, timeout } = smtp;
    this.transport = createTransport(
      {
        pool: true,
        maxConnections: concurrency,
        maxRequeues: 0, // a lost connection is the caller's to retry
        host,
        port,
        secure: tls === 'implicit',
        requireTLS: tls === 'starttls',
        ignoreTLS: tls === 'none',
        ...(user !== null && { auth: { user, pass: password ?? '' } }),
        dnsTimeout: timeout,
        connectionTimeout: timeout,
        greetingTimeout: timeout,
        socketTimeout: timeout,
        disableFileAccess: true,
        disableUrlAccess: true,
      },
      { from },
    );
  }

  /** Resolves when the server has taken the mail. @throws MailRejected when it never will. */
  async send({ to, subject, text, html }: Mail): Promise<void> {
    if (HEADER_BREAK.test(to) || HEADER_BREAK.test(subject)) throw new MailRejected('a line break in a header');
    try {
      // An address object is one recipient, whatever is in it; a text would be parsed as a list.
      await this.transport.sendMail({ to: { name: '', address: to }, subject, text, html });
    } catch (error) {
      throw isFinal(error) ? new MailRejected((error as Error).message, { cause: error }) : error;
    }
  }

  async stop(): Promise<void> {
    this.transport.close();
  }

  /** Soft: mails wait in their queue while the server is unavailable. */
  get healthCheck(): HealthCheck {
    return { name: 'mail', severity: 'soft', check: async () => void (await this.transport.verify()) };
  }
}

const HEADER_BREAK = /[\r\n\0]/;

/** The server's verdict on this recipient or this message (RFC 5321, 5yz), as opposed to on us or on this moment. */
function isFinal(error: unknown): boolean {
  const { code, responseCode = 0 } = error as { code?: string; responseCode?: number };
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && (responseCode === 0 || responseCode >= 500);
}
