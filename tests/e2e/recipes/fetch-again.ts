const PASSING = new Set([
  'IDEMPOTENCY_KEY_IN_USE',
  'INTERNAL_SERVER_ERROR',
  'SERVICE_BUSY',
  'SERVICE_UNAVAILABLE',
  'SUBGRAPH_INVALID_RESPONSE',
  'SUBGRAPH_TIMEOUT',
  'SUBGRAPH_UNAVAILABLE',
]);
const ATTEMPTS = 10;
const LONGEST_PAUSE = 10_000;

/** `fetch` that sends a GraphQL request again until it is answered. Its mutations have one key for all attempts: they are carried out once. */
export async function fetchAgain(url: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (!headers.has('idempotency-key')) headers.set('idempotency-key', crypto.randomUUID());
  for (let attempt = 1; ; attempt += 1) {
    const last = attempt === ATTEMPTS;
    try {
      const response = await fetch(url, { ...init, headers });
      if (last || !(await isPassing(response))) return response;
    } catch (error) {
      if (last || init.signal?.aborted) throw error;
    }
    const pause = Math.min(250 * 2 ** attempt, LONGEST_PAUSE) * (0.5 + Math.random() / 2);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Whether the answer says of itself that the next one may be another. Streams are for whoever reads them. */
async function isPassing(response: Response): Promise<boolean> {
  if (response.status >= 502) return true;
  if (!/\bjson\b/.test(response.headers.get('content-type') ?? '')) return false;
  const { errors = [] } = (await response.clone().json()) as { errors?: { extensions?: { code?: string } }[] };
  return errors.some(({ extensions }) => PASSING.has(extensions?.code ?? ''));
}
