/** Beside the folder of these scripts, wherever a proxy has put both. */
export const endpoint = new URL('../../graphql', import.meta.url);

/** One GraphQL request over HTTP: its status and body. Rejects only when the server cannot be reached. */
export async function send(request, headers = {}) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json, application/json;q=0.9',
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify(request),
  });
  const unreadable = { errors: [{ message: `The server answered ${response.status} without JSON.` }] };
  return { status: response.status, body: await response.json().catch(() => unreadable) };
}

export const codeOf = (body) => body.errors?.[0]?.extensions?.code;

/** The errors of a response as lines for a person: code, message, and what is wrong with which field. */
export function explain(body) {
  return (body.errors ?? []).flatMap(({ message, extensions = {} }) => {
    const fields = Object.entries(extensions.fields ?? {}).map(([path, problem]) => `${path}: ${problem}`);
    const wait = extensions.retryAfter ? ` Try again in ${extensions.retryAfter} s.` : '';
    return [`${extensions.code ? `${extensions.code}: ` : ''}${message}${wait}`, ...fields];
  });
}
