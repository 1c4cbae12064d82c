import type { Mail } from '@platform/mail';
import type { User } from '../entities/index.js';

/** What a mail says, before it takes its two forms. */
export interface EmailTemplate {
  readonly subject: string;
  /** The reader's name; null where the address was not shown to be theirs. */
  readonly greeting: string | null;
  readonly lines: readonly string[];
  readonly link?: { readonly label: string; readonly url: string };
}

/** The letter as plain text and as HTML. */
export function renderEmail(to: string, { subject, greeting, lines, link }: EmailTemplate): Mail {
  const salutation = greeting === null ? 'Hello,' : `Hello ${greeting},`;
  const paragraphs = [salutation, ...lines].map((line) => `<p>${escapeHtml(line)}</p>`);
  const anchor = link ? [`<p><a href="${escapeHtml(link.url)}">${escapeHtml(link.label)}</a></p>`] : [];
  return {
    to,
    subject,
    text: [salutation, ...lines, ...(link ? [link.url] : [])].join('\n\n'),
    html: [...paragraphs, ...anchor].join('\n'),
    links: link ? [link.url] : [],
  };
}

/** Names that nobody has shown to be theirs are a stranger's words, and in no mail. */
export const greetingOf = (user: User | null): string | null => (user?.emailVerified ? user.displayName : null);

/** A time as mails say it. */
export const moment = (time: Date): string => `${time.toISOString().slice(0, 16).replace('T', ' at ')} UTC`;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] as string);
