import { PlatformProcess } from '@platform/testkit';

const said = ['--description', 'A sentence.'];

describe('platformctl new', () => {
  it.each([
    [['event', 'blog', 'post.published', ...said], 'There is an event blog.post.published already.'],
    [['event', 'identity', 'user.created', ...said], 'There is an event platform.user.created already.'],
    [['event', 'blog', 'user.created', ...said], 'exports userCreated already.'],
    [['event', 'blog', 'Pinned', ...said], '"Pinned" is not.'],
    [['event', 'nothing', 'post.pinned', ...said], 'There is no subgraph named nothing.'],
    [['event', 'blog', 'post.pinned'], "required option '--description <sentence>' not specified"],
    [['permission', 'blog', 'post.read', ...said], 'There is a permission blog.post.read already.'],
    [['permission', 'nothing', 'post.pin', ...said], 'There is no subgraph named nothing.'],
    [['permission', 'blog', 'post.Pin', ...said], 'has the form module.resource.action'],
    [['permission', 'blog', 'post.pin', ...said, '--granted-to', 'nobody'], 'grantedTo'],
    [['migration', 'nothing', 'add-pins'], 'There is no subgraph named nothing.'],
    [['migration', 'blog', '../../add pins'], '"../../add pins" is not.'],
  ])('%j is refused', async (args, reason) => {
    const { code, printed } = await PlatformProcess.run(['new', ...args]);
    expect({ code, printed }).toEqual({ code: 1, printed: expect.stringContaining(reason) });
    expect(printed).not.toMatch(/^ +at /m);
  });
});
