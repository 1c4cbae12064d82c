import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { newSubgraph } from '@platform/platformctl/scaffold/new-subgraph';
import { PlatformProcess } from '@platform/testkit';

const refused = async (name: string, entity: string, plural?: string): Promise<string> => {
  const list = join(projectRoot(), 'supergraph.yaml');
  const before = readFileSync(list, 'utf8');
  const { message } = await newSubgraph({ name, entity, plural }).then(
    () => new Error('It was accepted'),
    (error: Error) => error,
  );
  expect(readFileSync(list, 'utf8')).toBe(before);
  return message;
};

describe('platformctl new subgraph', () => {
  it.each([
    ['blog', 'There is a subgraph named blog already.'],
    ['router', 'router is a name of the platform’s own'],
    ['events', 'events is a name of the platform’s own'],
    ['public', 'public is a name of the platform’s own'],
    ['table', 'table is a reserved word'],
    ['class', 'class is a reserved word'],
    ['gift-cards', '"gift-cards" is none'],
    ['Shop', '"Shop" is none'],
    ['2nd', '"2nd" is none'],
    ['../shop', '"../shop" is none'],
  ])('refuses the name %s', async (name, reason) => {
    expect(await refused(name, 'product')).toContain(reason);
    if (name !== 'blog') expect(existsSync(join(projectRoot(), 'subgraphs', name, 'module.yaml'))).toBe(false);
  });

  it.each([
    ['post', 'The supergraph has the type Post already'],
    ['role', 'The supergraph has the type Role already'],
    ['date', 'date means something else'],
    ['caller', 'caller means something else'],
    ['database', 'database means something else'],
    ['delete', 'delete is a reserved word'],
    ['giftCard', '"giftCard" is none'],
    ['shop', 'cannot both be called shop'],
  ])('refuses the entity %s', async (entity, reason) => {
    expect(await refused('shop', entity)).toContain(reason);
  });

  it('refuses a plural that is no other word', async () => {
    expect(await refused('farm', 'sheep', 'sheep')).toContain('The plural of sheep must differ from it');
  });

  it.each([[[]], [['--entity', 'product', '--bare']]])('asks for an entity or none: %j', async (options) => {
    expect(await PlatformProcess.run(['new', 'subgraph', 'shop', ...options])).toEqual({
      code: 1,
      printed: expect.stringContaining('say either --entity NAME or --bare'),
    });
  });
});
