import { html } from './html.js';
import { type Page, page } from './page.js';

/** GraphiQL for a router that knows nothing of its subgraphs: no sign-in, no examples. Everything it loads comes from this server. */
export function plainExplorerPage(appName: string): Page {
  return page({
    appName,
    title: 'Explorer',
    styles: ['graphiql.css', 'explorer.css'],
    libraries: ['react.js', 'react-dom.js', 'graphiql.js'],
    scripts: ['plain-explorer.js'],
    inlineStyles: true,
    pages: [],
    main: html`<main class="explorer"><div id="editor"><p class="loading">Loading the editor…</p></div></main>`,
  });
}
