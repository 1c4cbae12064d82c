/** What a caller may do, as far as the supergraph's directives ask. `policies` are the permission codes held. */
export interface Rights {
  readonly authenticated: boolean;
  readonly scopes: ReadonlySet<string>;
  readonly policies: ReadonlySet<string>;
}

/** Nobody: what an operation gets when no caller was resolved. */
export const noRights: Rights = { authenticated: false, scopes: new Set(), policies: new Set() };

/** Whoever has these is refused nothing: for routers that only report what they would refuse. */
class Everything extends Set<string> {
  override has(): boolean {
    return true;
  }
}

export const everyRight: Rights = { authenticated: true, scopes: new Everything(), policies: new Everything() };
