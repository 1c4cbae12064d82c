import { randomUUID } from 'node:crypto';
import { apiKeyCaller } from '@platform/auth';
import { permissions } from '@platform/contracts';
import { useSubgraph } from '@platform/testkit';
import { buildASTSchema, getNamedType, isLeafType, parse } from 'graphql';
import { callsAlone, callsOf, SUBGRAPHS } from '../walk/calls.js';

/** The subgraph of accounts, credentials, sessions, keys and memberships. */
const ACCOUNTS = 'identity';
/** What programs may change there. */
const OPEN = ['reactivateOrganization', 'suspendOrganization', 'updateOrganization'];

const TENANT = '00000000-0000-7000-8000-000000000001';
const everything = Object.keys(permissions);
const MACHINES = {
  'the key of a user': apiKeyCaller(randomUUID(), { userId: randomUUID() }, TENANT, everything),
  'the key of a service account': apiKeyCaller(randomUUID(), { serviceAccountId: randomUUID() }, TENANT, everything),
};

describe.each(SUBGRAPHS)('a program that holds every permission, at $name', (definition) => {
  const harness = useSubgraph(definition as never, callsAlone(definition));

  const mutations = async (): Promise<{ name: string; query: string; variables: Record<string, unknown> }[]> => {
    const { _service } = await harness.asService('router').data('{ _service { sdl } }');
    const fields = buildASTSchema(parse(_service.sdl), { assumeValidSDL: true }).getMutationType()?.getFields() ?? {};
    const calls = new Map(callsOf(_service.sdl).map((call) => [call.name, call]));
    return Object.values(fields)
      .filter(({ astNode }) => !astNode?.directives?.some(({ name }) => name.value === 'inaccessible'))
      .map(({ name, type }) => {
        const selection = isLeafType(getNamedType(type)) ? '' : '{ __typename }';
        return { query: `mutation { ${name} ${selection} }`, variables: {}, ...calls.get(`Mutation.${name}`), name };
      });
  };

  it.each(Object.entries(MACHINES))(
    'changes no account, credential, session, key or membership by %s',
    async (_, caller) => {
      const refused: string[] = [];
      for (const { name, query, variables } of await mutations()) {
        const { errors = [] } = await harness.as(caller).request(query, variables);
        if (errors.some(({ extensions }) => extensions?.['code'] === 'SESSION_REQUIRED')) refused.push(name);
      }
      const names = (await mutations()).map(({ name }) => name);
      if (definition.name === ACCOUNTS) {
        expect(refused.toSorted()).toEqual(names.filter((name) => !OPEN.includes(name)).toSorted());
        expect(names).toEqual(expect.arrayContaining(OPEN));
      } else {
        // There, programs do what they hold; a service account is only no author, and fetches no file.
        const people = ['addComment', 'createPost', 'exportAuditEntries', 'uploadCoverImage'];
        expect(refused.filter((name) => caller.serviceAccountId === null || !people.includes(name))).toEqual([]);
      }
    },
  );
});
