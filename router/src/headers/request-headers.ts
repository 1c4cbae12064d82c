/** Where a request comes from. */
interface Origin {
  readonly requestId: string;
  readonly clientIp?: string | undefined;
  readonly userAgent?: string | undefined;
}

/** What every subgraph may know of the request: which one it is and where it comes from. */
export const requestHeaders = ({ requestId, clientIp, userAgent }: Origin): Record<string, string> => ({
  'x-request-id': requestId,
  ...(clientIp && { 'x-client-ip': clientIp }),
  ...(userAgent && { 'user-agent': userAgent }),
});
