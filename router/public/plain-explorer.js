import { properties } from './editor.js';
import { send } from './graphql.js';
import { isSubscription, subscribe } from './subscribe.js';

const { React, ReactDOM, GraphiQL } = globalThis;

/** Sends what is written, with the headers that are written beside it. */
const fetcher = async (request, { headers, documentAST } = {}) => {
  if (isSubscription(documentAST, request.operationName)) return subscribe(request, headers ?? {});
  return (await send(request, headers ?? {})).body;
};

const greeting = '# Write an operation here. Tokens belong under Headers:\n# { "authorization": "Bearer …" }\n';
const editor = React.createElement(
  GraphiQL,
  { ...properties, fetcher, defaultQuery: greeting },
  React.createElement(GraphiQL.Logo, null, ''),
);
ReactDOM.createRoot(document.getElementById('editor')).render(editor);
