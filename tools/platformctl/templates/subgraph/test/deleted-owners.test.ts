import { userDeleted } from '@platform/contracts';
import { shop } from '@platform/shop';
import { useSubgraph } from '@platform/testkit';
import { PRODUCT } from './operations.js';
import { guest, productOf, user } from './people.js';

describe('an owner who is deleted', () => {
  const harness = useSubgraph(shop);

  it('is in none of their products, and in none that arrives later', async () => {
    const owner = user(harness);
    const userId = owner.caller.userId as string;
    const product = await productOf(owner);
    await harness.deliver(userDeleted, { subject: userId, data: { userId } });

    const { product: read } = await guest(harness).data(PRODUCT, { id: product.id });
    expect(read).toEqual({ ...product, owner: null, version: product.version + 1 });
    expect((await productOf(owner)).owner).toBeNull();
  });
});
