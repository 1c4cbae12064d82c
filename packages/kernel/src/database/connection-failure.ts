const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** True when the server could not be reached or went away (SQLSTATE classes 08, 53 and 57P), as opposed to refusing the statement. */
export function isConnectionFailure(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: string; message?: string };
  return (
    NETWORK.has(code ?? '') ||
    /^(08|53|57P)/.test(code ?? '') ||
    /connection terminated|timeout exceeded when trying to connect/i.test(message ?? '')
  );
}
