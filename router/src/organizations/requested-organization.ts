import { NO_ORGANIZATION } from '@platform/auth';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

interface ResolutionRules {
  /** By what a request names an organization; the first that does decides. */
  readonly resolve: readonly ('header' | 'subdomain')[];
  readonly header: string;
  /** Whose subdomains are organizations. */
  readonly domain: string | null;
}

/** Reads off a request which organization it is for. */
export interface OrganizationOfRequest {
  /** The client's header that says so; undefined where none does. */
  readonly header: string | undefined;
  /** A slug or an id as the request has it; undefined where it names none. */
  of(headers: Headers | undefined): string | undefined;
}

/** What can be a slug or an id. */
const NAME = /^[a-z0-9-]{1,63}$/;

/** The organization that a request names, by a header or the subdomain that it was sent to. What cannot be a name is that of no organization. */
export class RequestedOrganization implements OrganizationOfRequest {
  readonly header: string | undefined;
  private readonly domain: string | undefined;

  constructor(private readonly rules: ResolutionRules) {
    this.header = rules.resolve.includes('header') ? rules.header : undefined;
    this.domain = rules.domain?.toLowerCase();
  }

  of(headers: Headers = {}): string | undefined {
    for (const way of this.rules.resolve) {
      const name = way === 'header' ? textOf(headers[this.rules.header]) : this.subdomain(textOf(headers.host));
      if (name) return NAME.test(name) ? name : NO_ORGANIZATION;
    }
    return undefined;
  }

  /** The domain itself and its www name no organization, and neither do other domains. */
  private subdomain(host: string): string | undefined {
    const name = host.replace(/:\d*$/, '').replace(/\.$/, '');
    const label = name.endsWith(`.${this.domain}`) ? name.slice(0, -1 - (this.domain?.length ?? 0)) : undefined;
    return label === 'www' ? undefined : label;
  }
}

const textOf = (value: string | readonly string[] | undefined): string =>
  (typeof value === 'string' ? value : (value?.join(', ') ?? '')).trim().toLowerCase();
