/** What a caller may do, as far as the supergraph's directives ask. `policies` are the permission codes held. */
export interface Rights {
  readonly authenticated: boolean;
  readonly scopes: ReadonlySet<string>;
  readonly policies: ReadonlySet<string>;
  /** Policies of which nobody can say right now whether they are true; left out when there are none. */
  readonly undecided?: ReadonlySet<string>;
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
