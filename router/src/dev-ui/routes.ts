import type { Mailbox, StoredMail } from '@platform/mail';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { registerAssets } from './asset-routes.js';
import { refuseUnknownHosts } from './known-host.js';
import {
  authCompletePage,
  confirmEmailChangePage,
  invitationPage,
  resetPasswordPage,
  revertEmailChangePage,
  verifyEmailPage,
} from './link-pages.js';
import { mailboxPage } from './mailbox-page.js';
import { type Page, privateHeaders } from './page.js';

interface DevelopmentPages {
  readonly mailbox: Mailbox;
  /** How the pages call this installation: `app.name` of the configuration. */
  readonly appName: string;
  /** Where people reach them, besides localhost and addresses. */
  readonly publicUrl?: string;
}

/** Of a parameter that is given more than once, the first counts; an empty one is as good as none. */
function addressIn(query: unknown): string | undefined {
  const { to } = query as { to?: string | string[] };
  return (Array.isArray(to) ? to[0] : to)?.trim() || undefined;
}

const publicMail = ({ to, subject, text, html, links, sentAt }: StoredMail): StoredMail => ({
  to,
  subject,
  text,
  html,
  links,
  sentAt,
});

const send = (reply: FastifyReply, page: Page): FastifyReply => reply.headers(page.headers).send(page.body);

/** Adds the pages that only development has: mailbox, the targets of mail links, and the assets of all pages. */
export function registerDevelopmentPages(app: FastifyInstance, pages: DevelopmentPages): void {
  void app.register(async (http) => addPages(http, pages));
}

function addPages(http: FastifyInstance, { mailbox, appName, publicUrl }: DevelopmentPages): void {
  refuseUnknownHosts(http, publicUrl);

  /** Links carry tokens in their address: a request line of these routes must not be logged. */
  const unlogged = { logLevel: 'warn' } as const;

  http.get('/verify-email', unlogged, (_request, reply) => send(reply, verifyEmailPage(appName)));
  http.get('/invitation', unlogged, (_request, reply) => send(reply, invitationPage(appName)));
  http.get('/reset-password', unlogged, (_request, reply) => send(reply, resetPasswordPage(appName)));

  http.get('/auth/complete', unlogged, (_request, reply) => send(reply, authCompletePage(appName)));
  http.get('/confirm-email-change', unlogged, (_request, reply) => send(reply, confirmEmailChangePage(appName)));
  http.get('/revert-email-change', unlogged, (_request, reply) => send(reply, revertEmailChangePage(appName)));

  http.get('/dev/mailbox', unlogged, async (request, reply) => {
    const to = addressIn(request.query);
    return send(reply, mailboxPage(appName, await mailbox.list(to), to));
  });

  http.get('/dev/mailbox.json', unlogged, async (request, reply) => {
    const mails = await mailbox.list(addressIn(request.query));
    return reply.headers(privateHeaders).send(mails.map(publicMail));
  });

  registerAssets(http);
}
