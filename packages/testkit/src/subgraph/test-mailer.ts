import type { Mail, Mailer } from '@platform/mail';

/** Keeps what would have been sent. */
export class TestMailer implements Mailer {
  readonly sent: Mail[] = [];

  async send(mail: Mail): Promise<void> {
    this.sent.push(mail);
  }

  /** The newest mail to the address. @throws when there is none. */
  latestTo(to: string): Mail {
    const mail = this.sent.findLast((candidate) => candidate.to === to);
    if (!mail) throw new Error(`No mail was sent to ${to}`);
    return mail;
  }
}
