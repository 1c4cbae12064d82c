import { CompositionFailed, loadSupergraph } from '@platform/federation-engine';
import { composeSupergraph } from '@platform/federation-engine/composition';

const { sdl } = composeSupergraph([{ name: 'a', url: 'http://a', typeDefs: 'type Query { x: Int }' }]);

/** The supergraph with something more said of its schema, or of its field. */
const withSchema = (more: string) => sdl.replace(/^schema\n/m, `schema\n  ${more}\n`);
const withField = (more: string) => sdl.replace('x: Int', `x: Int ${more}`);

const reasons = (text: string): string[] => {
  try {
    loadSupergraph(text);
    return [];
  } catch (error) {
    if (!(error instanceof CompositionFailed)) throw error;
    return error.errors.map(({ code, message }) => `${code}: ${message}`);
  }
};

const refusal = (feature: string, purpose?: string) =>
  `UNSUPPORTED_LINKED_FEATURE: feature ${feature}${purpose ? ` is for: ${purpose} but` : ''} is unsupported`;

describe('features of a supergraph', () => {
  it('that are known are served', () => {
    expect(reasons(sdl)).toEqual([]);
    for (const known of ['tag/v0.3', 'authenticated/v0.1', 'policy/v0.1', 'cost/v0.1', 'cacheTag/v0.1']) {
      expect(reasons(withSchema(`@link(url: "https://specs.apollo.dev/${known}", for: SECURITY)`))).toEqual([]);
    }
    expect(reasons(withSchema('@link(url: "https://example.com/custom/v1.0", import: ["@custom"])'))).toEqual([]);
  });

  it.each(['EXECUTION', 'SECURITY'])('that are for: %s and not known are refused, all of them by name', (purpose) => {
    const urls = [
      'https://specs.apollo.dev/connect/v0.3',
      'https://specs.apollo.dev/future/v1.0',
      'https://example.com/acl/v2.1',
    ];
    const links = urls.map((url) => `@link(url: "${url}", for: ${purpose})`).join('\n  ');
    expect(reasons(withSchema(links))).toEqual(urls.map((url) => refusal(url, purpose)));
  });

  it.each(['connect/v0.1', 'connect/v0.9', 'requiresScopes/v0.7', 'policy/v9.9', 'inaccessible/v1.0', 'context/v0.2'])(
    'that decide about answers are refused in a version that is not known, whatever they are for: %s',
    (feature) => {
      const url = `https://specs.apollo.dev/${feature}`;
      expect(reasons(withSchema(`@link(url: "${url}")`))).toEqual([refusal(url)]);
    },
  );

  it('are told by directives alone, where nothing links them: connectors', () => {
    const connect = 'https://specs.apollo.dev/connect';
    const joined = '@join__directive(graphs: [A], name: "connect", args: {http: {GET: "/"}, selection: "id"})';
    const linked = `@join__directive(graphs: [A], name: "link", args: {url: "${connect}/v0.1", import: ["@connect"]})`;
    const source = '@join__directive(graphs: [A], name: "source", args: {name: "api", http: {baseURL: "http://a"}})';
    expect(reasons(withField(joined))).toEqual([refusal(connect)]);
    expect(reasons(withSchema(source))).toEqual([refusal(connect)]);
    expect(reasons(withSchema(`${linked}\n${source}`))).toEqual([refusal(`${connect}/v0.1`)]);
    expect(reasons(withField('@connect(http: {GET: "/"}, selection: "id")'))).toEqual([refusal(connect)]);
  });

  it('are named also where a subgraph was composed that has them', () => {
    const typeDefs = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12")
      @link(url: "https://specs.apollo.dev/connect/v0.2", import: ["@connect", "@source"])
      @source(name: "api", http: { baseURL: "http://127.0.0.1/" })
      type Query { x: Int @connect(source: "api", http: { GET: "/x" }, selection: "$") }`;
    const composed = composeSupergraph([{ name: 'a', url: 'http://a', typeDefs }]).sdl;
    expect(reasons(composed).join()).toMatch(/specs\.apollo\.dev\/connect\/v0\.\d.* unsupported/);
  });
});
