import type { Mailbox } from '@platform/mail';
import type { FastifyInstance } from 'fastify';
import { explorerPage } from './explorer-page.js';
import { type Explorer, explorerAtKnownHosts } from './known-host.js';
import { registerDevelopmentPages } from './routes.js';

interface DevelopmentPagesOptions {
  readonly config: {
    readonly app: { readonly name: string; readonly publicUrl: string };
    readonly router: { readonly developmentPages: boolean };
  };
  readonly mailbox: Mailbox;
}

/** The pages that only development has, and the explorer among them; undefined elsewhere. */
export function developmentPages({
  config,
  mailbox,
}: DevelopmentPagesOptions): { explorer: Explorer; register(app: FastifyInstance): void } | undefined {
  if (!config.router.developmentPages) return undefined;
  const { name, publicUrl } = config.app;
  return {
    explorer: explorerAtKnownHosts(explorerPage(name), publicUrl),
    register: (app) => registerDevelopmentPages(app, { mailbox, appName: name, publicUrl }),
  };
}
