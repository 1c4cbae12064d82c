import { type Caller, type CallerTokenSigner } from '@platform/auth';
import { CodedError, ServiceUnavailable } from '@platform/foundation/errors';
import { requestContext } from '@platform/foundation/logging';
import { currentBounds, TIMEOUT_HEADER } from '@platform/foundation/request-bounds';
import type { SubgraphEndpoint, SubgraphResponse } from '@platform/subgraph-client/endpoints';
import { CALLER_TOKEN_HEADER, NESTED_CALL_HEADER } from '@platform/subgraph-client/headers';

interface PeerOptions {
  /** The peer's name, the audience of the caller tokens. */
  readonly name: string;
  readonly endpoint: SubgraphEndpoint;
  readonly callerTokens: CallerTokenSigner;
  /** In ms; a later answer counts as none. */
  readonly timeout: number;
  /** The codes by which the peer refuses; any other error means that it has not decided. */
  readonly refusals?: readonly string[];
}

/** Another subgraph, asked directly when a decision needs its answer now. Without an answer there is no decision: it fails closed. */
export class PeerClient {
  constructor(private readonly options: PeerOptions) {}

  /** The data of the answer, within what is left of the time of the request that asks. @throws DeadlineExceeded or RequestAbandoned when that is over; CodedError with the code, the message and the extensions of a refusal; ServiceUnavailable */
  async ask<Data>(caller: Caller, query: string, variables: Record<string, unknown>): Promise<Data> {
    const { data, errors = [] } = await this.answer(caller, query, variables);
    const [error] = errors;
    if (!error && data) return data as Data;
    const { code, ...extensions } = error?.extensions ?? {};
    if (error && this.options.refusals?.includes(code as string))
      throw new CodedError(code as string, error.message, extensions);
    throw new ServiceUnavailable(`The subgraph ${this.options.name} could not decide. Try again in a moment.`);
  }

  private async answer(caller: Caller, query: string, variables: Record<string, unknown>): Promise<SubgraphResponse> {
    const { name, endpoint, callerTokens, timeout } = this.options;
    const bounds = currentBounds();
    const timeoutMs = Math.ceil(Math.min(timeout, bounds?.left ?? timeout));
    const late = AbortSignal.timeout(timeoutMs);
    bounds?.signal.throwIfAborted();
    const signal = bounds ? AbortSignal.any([late, bounds.signal]) : late;
    try {
      const token = await callerTokens.sign(caller, name);
      const headers = { ...headersOf(token), [TIMEOUT_HEADER]: String(timeoutMs) };
      const call = endpoint.execute({ query, variables }, headers, signal);
      return await Promise.race([call, aborted(signal)]);
    } catch {
      bounds?.signal.throwIfAborted();
      throw new ServiceUnavailable(`The subgraph ${name} does not answer. Try again in a moment.`);
    }
  }
}

/** The peer logs and announces the request as the same one. */
function headersOf(token: string): Record<string, string> {
  const { requestId, clientIp, userAgent } = requestContext.current() ?? {};
  return {
    [CALLER_TOKEN_HEADER]: token,
    [NESTED_CALL_HEADER]: '1',
    ...(requestId && { 'x-request-id': requestId }),
    ...(clientIp && { 'x-client-ip': clientIp }),
    ...(userAgent && { 'user-agent': userAgent }),
  };
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
