/** The shop that every gateway is asked about: made by counting, so that every run and every peer sees the same. */
export interface Product {
  readonly upc: string;
  readonly name: string;
  readonly price: number;
  readonly weight: number;
}

export interface Review {
  readonly id: string;
  readonly body: string;
  readonly author: string;
  readonly product: string;
}

const words = ['sturdy', 'quiet', 'handsome', 'overpriced', 'cheerful', 'wobbly', 'brilliant', 'ordinary'];
const things = ['Table', 'Couch', 'Chair', 'Lamp', 'Shelf', 'Bed', 'Desk', 'Stool', 'Carpet'];
const people = ['Uri London', 'Dotan Simha', 'Ada Byron', 'Grace Hopper', 'Alan Kay', 'Barbara Liskov'];

export const users = people.map((name, index) => ({
  id: String(index + 1),
  name,
  username: `${name.split(' ')[0]?.toLowerCase()}${index + 1}`,
  birthday: 1_000_000_000 + index * 86_400,
}));

export const products: Product[] = things.map((name, index) => ({
  upc: String(index + 1),
  name,
  price: 100 + index * 150,
  weight: 20 + index * 60,
}));

/** Reviews per author and per product are uneven, as in life. */
export const reviews: Review[] = Array.from({ length: 21 }, (_, index) => ({
  id: String(index + 1),
  body: `A ${words[index % words.length]} thing, and I have seen ${index * 7} of them.`,
  author: String(1 + ((index * index) % users.length)),
  product: String(1 + ((index * 5) % 7)),
}));
