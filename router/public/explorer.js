import { GREETING, properties } from './editor.js';
import { showExamples } from './example-list.js';
import { examples } from './examples.js';
import { Journey } from './journey.js';
import { Session } from './session.js';
import { showSession } from './session-bar.js';
import { isSubscription, subscribe } from './subscribe.js';

const { React, ReactDOM, GraphiQL } = globalThis;
const { createElement, useEffect, useState } = React;

const session = new Session();
const journey = new Journey();
const bar = showSession(session);
const editor = document.getElementById('editor');
const sideList = document.getElementById('examples');
const toggle = document.getElementById('toggle-examples');
const opened = new EventTarget();

const fetcher = async (request, { headers, documentAST } = {}) => {
  if (isSubscription(documentAST, request.operationName))
    return subscribe(request, session.headersFor(request, headers ?? {}));
  const body = await session.send(request, headers ?? {});
  journey.learn(
    examples.find(({ operation }) => operation === request.operationName),
    request,
    body,
  );
  return body;
};

/** An example may replace another one, or nothing; what a person has written stays, and the example gets a tab. */
function isReplaceable() {
  const text = editor.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror.getValue().trim();
  return text === '' || text === GREETING.trim() || examples.some(({ query }) => query === text);
}

async function open(example) {
  const variables = await example.variables?.(journey, session);
  session.anonymous = example.anonymous ?? false;
  bar.show();
  if (!isReplaceable()) ReactDOM.flushSync(() => editor.querySelector('.graphiql-tab-add').click());
  const texts = { query: example.query, variables: variables ? JSON.stringify(variables, null, 2) : '', response: '' };
  opened.dispatchEvent(new CustomEvent('open', { detail: texts }));
}

function Editor() {
  const [texts, setTexts] = useState({});
  useEffect(() => {
    const show = ({ detail }) => setTexts(detail);
    opened.addEventListener('open', show);
    return () => opened.removeEventListener('open', show);
  }, []);
  useEffect(() => {
    if (texts.query) setTexts({}); // handed over: from here on the text belongs to the person who edits it
  }, [texts]);
  const given = { ...properties, fetcher, defaultQuery: GREETING, ...texts };
  return createElement(GraphiQL, given, createElement(GraphiQL.Logo, null, ''));
}

toggle.addEventListener('click', () => {
  sideList.hidden = !sideList.hidden;
  toggle.textContent = sideList.hidden ? 'Show examples' : 'Hide examples';
});
showExamples(sideList, journey, open);
ReactDOM.createRoot(editor).render(createElement(Editor));
