import { randomUUID } from 'node:crypto';
import type { SubgraphClient, SubgraphHarness } from '@platform/testkit';
import { CREATE } from './operations.js';

type Shop = Pick<SubgraphHarness<never>, 'asUser' | 'asAnonymous'>;

const GUEST = ['shop.product.read'];
const USER = [...GUEST, 'shop.product.create', 'shop.product.update', 'shop.product.delete'];

/** Somebody new with the permissions of the role `user`, and others. */
export const user = (shop: Shop, also: string[] = []): SubgraphClient => shop.asUser(randomUUID(), [...USER, ...also]);

/** Somebody new who may change what is not theirs. */
export const manager = (shop: Shop): SubgraphClient => shop.asUser(randomUUID(), [...GUEST, 'shop.product.manage']);

/** Somebody who has not signed in, with the permissions of the role `guest`. */
export const guest = (shop: Shop): SubgraphClient => shop.asAnonymous(GUEST);

/** A product of the owner. */
export async function productOf(owner: SubgraphClient, input: Record<string, unknown> = {}) {
  const { createProduct } = await owner.data(CREATE, { input: { name: 'A name', ...input } });
  return createProduct;
}
