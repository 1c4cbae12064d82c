import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { projectRoot } from '@platform/foundation/config';
import { assertAccessDeclared, publicFields } from '@platform/platformctl/supergraph/public-fields';

const supergraph = (fields: string): string =>
  composeSupergraph([
    {
      name: 'shop',
      url: 'http://shop',
      typeDefs: `
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@inaccessible", { name: "@policy", as: "@onlyFor" }])
        type Query { ${fields} }`,
    },
  ]).sdl;

describe('access to root fields', () => {
  it('is declared for every field of the committed supergraph', () => {
    const sdl = readFileSync(join(projectRoot(), 'router', 'supergraph.graphql'), 'utf8');
    expect(() => assertAccessDeclared(sdl)).not.toThrow();
    expect(Object.values(publicFields()).every((reason) => reason.length > 0)).toBe(true);
  });

  it('is missing for a field that neither declares a directive nor is listed', () => {
    const sdl = supergraph(
      'open: Int guarded: Int @onlyFor(policies: [["shop.order.read"]]) hidden: Int @inaccessible',
    );
    expect(() => assertAccessDeclared(sdl, {})).toThrow('Query.open declares no authorization directive');
    expect(() => assertAccessDeclared(sdl, { 'Query.open': 'for a test' })).not.toThrow();
  });

  it('may not be both public and guarded, and no unknown field may be public', () => {
    const sdl = supergraph('guarded: Int @onlyFor(policies: [["shop.order.read"]])');
    expect(() => assertAccessDeclared(sdl, { 'Query.guarded': 'x' })).toThrow(
      'listed as public and declares a directive',
    );
    expect(() => assertAccessDeclared(sdl, { 'Query.gone': 'x' })).toThrow('does not exist');
  });
});
