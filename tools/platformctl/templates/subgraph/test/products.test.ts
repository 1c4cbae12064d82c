import { randomUUID } from 'node:crypto';
import { shop } from '@platform/shop';
import { useSubgraph } from '@platform/testkit';
import { DELETE, PRODUCT, UPDATE } from './operations.js';
import { guest, manager, productOf, user } from './people.js';

describe('a product', () => {
  const harness = useSubgraph(shop);
  const eventsOf = async (id: string) => (await harness.outbox()).filter(({ subject }) => subject === id);

  it('is created, read by everyone, updated and deleted by its owner, and each change is an event', async () => {
    const owner = user(harness);
    const product = await productOf(owner, { name: 'First' });
    expect(product).toMatchObject({ name: 'First', version: 1, owner: { id: owner.caller.userId } });
    expect((await guest(harness).data(PRODUCT, { id: product.id })).product).toEqual(product);

    const { updateProduct } = await owner.data(UPDATE, { id: product.id, input: { name: 'Second', version: 1 } });
    expect(updateProduct).toMatchObject({ name: 'Second', version: 2 });

    expect(await owner.data(DELETE, { id: product.id })).toEqual({ deleteProduct: true });
    expect((await guest(harness).data(PRODUCT, { id: product.id })).product).toBeNull();
    const data = { productId: product.id, ownerId: owner.caller.userId };
    expect(await eventsOf(product.id)).toEqual(
      ['created', 'updated', 'deleted'].map((what) => expect.objectContaining({ type: `shop.product.${what}`, data })),
    );
  });

  it('is not changed by who has not seen its latest version', async () => {
    const owner = user(harness);
    const { id } = await productOf(owner);
    await owner.data(UPDATE, { id, input: { name: 'Newer', version: 1 } });
    const { extensions } = await owner.error(UPDATE, { id, input: { name: 'Older', version: 1 } });
    expect(extensions).toMatchObject({ code: 'CONFLICT', currentVersion: 2 });
  });

  it('that is updated to what it is stays at its version, without an event', async () => {
    const owner = user(harness);
    const { id, name } = await productOf(owner);
    const { updateProduct } = await owner.data(UPDATE, { id, input: { name, version: 1 } });
    expect(updateProduct.version).toBe(1);
    expect(await eventsOf(id)).toHaveLength(1);
  });

  it('is changed by its owner and by managers alone', async () => {
    const { id } = await productOf(user(harness));
    for (const stranger of [user(harness), guest(harness)]) {
      const code = stranger.caller.userId ? 'PRODUCT_NOT_FOUND' : 'UNAUTHORIZED_FIELD_OR_TYPE';
      const input = { name: 'Mine', version: 1 };
      expect((await stranger.error(UPDATE, { id, input })).extensions).toMatchObject({ code });
      expect((await stranger.error(DELETE, { id })).extensions).toMatchObject({ code });
    }
    await manager(harness).data(UPDATE, { id, input: { name: 'Managed', version: 1 } });
    await manager(harness).data(DELETE, { id });
  });

  it('needs a name of 1 to 200 characters', async () => {
    for (const name of ['', '   ', 'x'.repeat(201)])
      await expect(productOf(user(harness), { name })).rejects.toThrow('BAD_USER_INPUT');
  });

  it.each([randomUUID(), 'no id'])('that is not there is not found: %s', async (id) => {
    expect((await guest(harness).data(PRODUCT, { id })).product).toBeNull();
    expect((await user(harness).error(DELETE, { id })).extensions).toMatchObject({ code: 'PRODUCT_NOT_FOUND' });
  });
});
