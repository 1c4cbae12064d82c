import type { HealthCheck } from '@platform/foundation/health';

/** One mail. `links` are what the reader may follow, also as listed by the development mailbox. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly links: readonly string[];
}

/** Sends mail. Rejects when the mail could not be handed over; the caller tries again, unless it was refused (MailRejected). */
export interface Mailer {
  send(mail: Mail): Promise<void>;
  /** Where there is a server that can be away. */
  readonly healthCheck?: HealthCheck;
}
