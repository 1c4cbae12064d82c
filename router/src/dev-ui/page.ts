import { type Html, html } from './html.js';

/** A whole answer, to be sent as `reply.headers(page.headers).send(page.body)`. */
export interface Page {
  /** 200 where it is left out. */
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface PageDependencies {
  /** Where the pages begin, seen from this one: they may lie behind a path that a proxy takes away. */
  readonly root?: './' | '../';
  readonly appName: string;
  readonly title: string;
  /** Asset names: style sheets and module scripts beside the ones that every page has. */
  readonly styles?: readonly string[];
  readonly scripts: readonly string[];
  /** Scripts that are not modules, run before them in this order. */
  readonly libraries?: readonly string[];
  /** For libraries and mails that bring their own style attributes. */
  readonly inlineStyles?: boolean;
  /** What the bar leads to, from the root; where left out, the pages of the platform. */
  readonly pages?: readonly { readonly name: string; readonly href: string }[];
  readonly navigation?: Html;
  readonly main: Html;
}

/** Headers of whatever the development pages answer: nothing is kept, sniffed, framed or told to another site. */
export const privateHeaders = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
} as const;

function contentSecurityPolicy(inlineStyles: boolean): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${inlineStyles ? " 'unsafe-inline'" : ''}`,
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const platformPages = [
  { name: 'Explorer', href: 'graphql' },
  { name: 'Mailbox', href: 'dev/mailbox' },
];

/** The frame that all development pages share: a bar with the installation's name, and the page's own part below it. */
export function page({
  root = './',
  appName,
  title,
  styles = [],
  scripts,
  libraries = [],
  inlineStyles = false,
  pages = platformPages,
  ...parts
}: PageDependencies): Page {
  const body = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · ${appName}</title>
<link rel="icon" href="${root}dev/assets/icon.svg" type="image/svg+xml">
${['page.css', ...styles].map((name) => html`<link rel="stylesheet" href="${root}dev/assets/${name}">\n`)}
${libraries.map((name) => html`<script defer src="${root}dev/assets/${name}"></script>\n`)}
${scripts.map((name) => html`<script type="module" src="${root}dev/assets/${name}"></script>\n`)}
</head>
<body>
<header class="bar">
<a class="bar-name" href="${root}graphql"><img src="${root}dev/assets/icon.svg" alt="" width="20" height="20">${appName}</a>
<nav aria-label="Pages">${pages.map(({ name, href }) => html`<a href="${root}${href}">${name}</a>`)}</nav>
${parts.navigation ?? ''}
</header>
${parts.main}
</body>
</html>
`;
  return {
    headers: {
      ...privateHeaders,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentSecurityPolicy(inlineStyles),
    },
    body: body.source,
  };
}
