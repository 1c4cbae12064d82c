import type { AppConfig } from '@platform/foundation/config';
import type { Mailer } from '@platform/mail';
import { afterCommit } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import { User, UserStatus } from '../entities/index.js';
import { renderEmail } from './email-template.js';

/** What a notice is about: its subject, before the name of the application, and its first line. */
interface Notice {
  readonly subject: string;
  readonly line: string;
}

const NOTICES = {
  totpEnabled: {
    subject: 'An authenticator app was added',
    line: 'An authenticator app protects your account now: signing in asks for its codes.',
  },
  totpDisabled: {
    subject: 'The authenticator app was removed',
    line: 'The authenticator app that protected your account was removed, and the recovery codes are void.',
  },
  factorsReset: {
    subject: 'Your second factors were removed',
    line: 'An administrator removed the authenticator app, passkeys and recovery codes of your account. Every device is signed out.',
  },
  codesRegenerated: {
    subject: 'You have new recovery codes',
    line: 'New recovery codes were made for your account. Those before are void.',
  },
  passkeyRegistered: {
    subject: 'A passkey was added',
    line: 'A passkey was added to your account, and can sign in to it until it is deleted: also once you have another password.',
  },
  passkeyRemoved: {
    subject: 'A passkey was removed',
    line: 'A passkey of your account was removed, and cannot sign in to it any more.',
  },
  apiKeyCreated: {
    subject: 'An API key was made',
    line: 'An API key was made that acts for you until it is revoked: also once you have another password.',
  },
  newDevice: {
    subject: 'A new device signed in',
    line: 'Somebody signed in to your account on a device that was not used before.',
  },
} satisfies Record<string, Notice>;

/** What owners are told of. */
export type NoticeName = keyof typeof NOTICES;

/** Tells owners what has changed about the ways into their account, in case it was not them. */
export class SecurityNotices {
  constructor(
    private readonly mailer: Mailer,
    private readonly app: AppConfig,
  ) {}

  /** @param detail a line of its own. */
  async tell(tx: EntityManager, userId: string, name: NoticeName, detail?: string): Promise<void> {
    const user = await tx.findOneBy(User, { id: userId, status: UserStatus.ACTIVE });
    if (!user?.email) return;
    const { subject, line } = NOTICES[name];
    const mail = renderEmail(user.email, {
      subject: `${subject} at ${this.app.name}`,
      greeting: user.displayName,
      lines: [
        line,
        ...(detail === undefined ? [] : [detail]),
        'If that was not you, set a new password at once and tell the administrators.',
      ],
    });
    afterCommit(tx, () => this.mailer.send(mail));
  }
}
