import { createHash } from 'node:crypto';
import type { StoredMail } from '@platform/mail';
import { Html, html } from './html.js';
import { type Page, page } from './page.js';

const SHOWN = 100;

const isWebLink = (link: string): boolean => /^https?:\/\//i.test(link);

const anchor = (link: string): Html => html`<a href="${link}" target="_blank" rel="noreferrer">${link}</a>`;

/** Plain text with its web addresses clickable; a full stop or bracket behind an address is not part of it. */
function linked(text: string): Html[] {
  return text
    .split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]])/i)
    .map((part, index) => (index % 2 ? anchor(part) : html`${part}`));
}

/** The HTML version cannot run scripts or reach this page; links of it open in a tab of their own. */
function htmlVersion(mail: StoredMail): Html {
  if (!mail.html) return html``;
  const document = `<base target="_blank">${mail.html}`;
  return html`<details class="mail-html"><summary>HTML version</summary>
<iframe title="${mail.subject}" sandbox="allow-popups allow-popups-to-escape-sandbox" loading="lazy" referrerpolicy="no-referrer" srcdoc="${document}"></iframe>
</details>`;
}

function mailItem(mail: StoredMail): Html {
  const key = createHash('sha256').update(JSON.stringify(mail)).digest('base64url').slice(0, 16);
  const otherLinks = mail.links.filter((link) => isWebLink(link) && !mail.text.includes(link));
  return html`<li class="mail" id="mail-${key}">
<h2>${mail.subject}</h2>
<p class="mail-meta"><span>To <a href="mailbox?to=${encodeURIComponent(mail.to)}">${mail.to}</a></span> <time datetime="${mail.sentAt}">${mail.sentAt}</time></p>
<div class="mail-text">${linked(mail.text)}</div>
${otherLinks.map((link) => html`<p class="mail-link">${anchor(link)}</p>`)}
${htmlVersion(mail)}
</li>
`;
}

function summary(count: number, to: string | undefined): string {
  const kind = count === 1 ? 'mail' : 'mails';
  return `${count} ${kind}${to ? ` to ${to}` : ''}${count > SHOWN ? `, the newest ${SHOWN} shown` : ''}`;
}

/** What the platform has sent, newest first, as given. The page's script fetches it again and adds what is new. */
export function mailboxPage(appName: string, mails: readonly StoredMail[], to?: string): Page {
  return page({
    root: '../',
    appName,
    title: 'Mailbox',
    styles: ['mailbox.css'],
    scripts: ['mailbox.js'],
    inlineStyles: true,
    main: html`<main class="mailbox">
<div class="mailbox-head">
<div><h1>Mailbox</h1><p id="count" role="status">${summary(mails.length, to)}</p></div>
<form method="get" action="mailbox" role="search">
<label class="visually-hidden" for="to">Address</label>
<input id="to" name="to" type="search" placeholder="Only to this address" value="${to ?? ''}" autocomplete="off">
<button>Filter</button>
</form>
</div>
<ol class="mails" id="mails">${mails.slice(0, SHOWN).map(mailItem)}</ol>
<p class="mailbox-empty" id="empty">No mail here yet. What the platform sends appears by itself.</p>
</main>`,
  });
}
