import { endpoint } from './graphql.js';

/** Whether the operation that would run is a subscription. */
export function isSubscription(document, operationName) {
  const operations = document?.definitions.filter(({ kind }) => kind === 'OperationDefinition') ?? [];
  const chosen = operations.find(({ name }) => name?.value === operationName) ?? operations[0];
  return chosen?.operation === 'subscription';
}

/** The results of a subscription, as they come (Server-Sent Events); leaving the loop ends it. */
export async function* subscribe(request, headers) {
  const left = new AbortController();
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { accept: 'text/event-stream', 'content-type': 'application/json', ...headers },
      body: JSON.stringify(request),
      signal: left.signal,
    });
    if (!response.ok) yield await response.json();
    else yield* resultsIn(response.body.pipeThrough(new TextDecoderStream()));
  } finally {
    left.abort();
  }
}

async function* resultsIn(text) {
  let waiting = '';
  for await (const chunk of text) {
    const events = (waiting + chunk).split('\n\n');
    waiting = events.pop();
    for (const event of events)
      if (event.startsWith('event: next\ndata: ')) yield JSON.parse(event.slice('event: next\ndata: '.length));
  }
}
