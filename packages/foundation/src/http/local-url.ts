/** Where a client on this machine reaches a server that listens on `address`; none means every interface. */
export function localUrl({ address, port }: { readonly address?: string | null; readonly port: number }): string {
  if (!address || address === '0.0.0.0' || address === '::') return `http://localhost:${port}`;
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}
