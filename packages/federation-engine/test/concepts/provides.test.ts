import { describe } from '@jest/globals';
import { answers, by, never } from './answers.js';

describe('@provides on a union', () => {
  const media = [
    { __typename: 'Book', id: 'b1', title: 'Book 1', genres: [{ name: 'Novel' }] },
    { __typename: 'Song', id: 's1', title: 'Song 1' },
    { __typename: 'Movie', id: 'm1' },
  ];
  answers(
    [
      {
        name: 'a',
        typeDefs: `
          type Book @key(fields: "id") { id: ID! title: String @shareable genres: [Genre!] @shareable }
          type Song @key(fields: "id") { id: ID! title: String @shareable }
          type Movie @key(fields: "id") { id: ID! title: String @shareable }
          type Genre @shareable { name: String }`,
        resolvers: {
          Movie: { __resolveReference: ({ id }: { id: string }) => ({ id, title: `Movie ${id}` }) },
        },
      },
      {
        name: 'b',
        typeDefs: `
          type Query { media: [Media] @provides(fields: "... on Book { title genres { name } } ... on Song { title }") }
          union Media = Book | Movie | Song
          type Book @key(fields: "id") { id: ID! title: String @external genres: [Genre!] @external }
          type Song @key(fields: "id") { id: ID! title: String @external }
          type Movie @key(fields: "id") { id: ID! }
          type Genre { name: String @external }`,
        resolvers: { Query: { media: () => media } },
      },
    ],
    [
      [
        '{ media { ... on Book { title genres { name } } ... on Song { title } } }',
        { media: [{ title: 'Book 1', genres: [{ name: 'Novel' }] }, { title: 'Song 1' }, {}] },
        { requests: { a: 0, b: 1 } },
      ],
      [
        '{ media { __typename ... on Book { title } ... on Movie { title id } } }',
        {
          media: [
            { __typename: 'Book', title: 'Book 1' },
            { __typename: 'Song' },
            { __typename: 'Movie', title: 'Movie m1', id: 'm1' },
          ],
        },
        { requests: { a: 1, b: 1 } },
      ],
    ],
  );
});

describe('@provides on an interface', () => {
  const cat = { __typename: 'Cat', id: 'a1', name: 'Tom' };
  const dog = { __typename: 'Dog', id: 'a2', name: 'Rex' };
  answers(
    [
      {
        name: 'books',
        typeDefs: `
          type Query { media: Media }
          interface Media { id: ID! animals: [Animal] }
          interface Animal { id: ID! name: String }
          type Book implements Media @key(fields: "id") { id: ID! animals: [Animal] @provides(fields: "... on Dog { name }") @shareable }
          type Dog implements Animal @key(fields: "id") { id: ID! name: String @external }
          type Cat implements Animal @key(fields: "id") { id: ID! name: String @external }`,
        resolvers: {
          Query: { media: () => ({ __typename: 'Book', id: 'b1', animals: [dog, cat] }) },
          Cat: { name: never },
        },
      },
      {
        name: 'animals',
        typeDefs: `
          interface Animal { id: ID! name: String }
          type Dog implements Animal @key(fields: "id") { id: ID! name: String @shareable age: Int }
          type Cat implements Animal @key(fields: "id") { id: ID! name: String @shareable age: Int }`,
        resolvers: {
          Dog: { name: never, age: () => 3 },
          Cat: { name: () => 'Tom', age: () => 9 },
        },
      },
    ],
    [
      [
        '{ media { id animals { id } } }',
        { media: { id: 'b1', animals: [{ id: 'a2' }, { id: 'a1' }] } },
        { requests: { books: 1, animals: 0 } },
      ],
      [
        '{ media { animals { __typename name } } }',
        {
          media: {
            animals: [
              { __typename: 'Dog', name: 'Rex' },
              { __typename: 'Cat', name: 'Tom' },
            ],
          },
        },
        { requests: { books: 1, animals: 1 } },
      ],
      [
        '{ media { ... on Book { animals { ... on Dog { name } ... on Cat { age } } } } }',
        { media: { animals: [{ name: 'Rex' }, { age: 9 }] } },
      ],
    ],
  );
});

describe('@provides of nested fields', () => {
  const category = { id: 'c1', name: 'Lights', sub: { id: 'c2', name: 'Lamps' } };
  answers(
    [
      {
        name: 'products',
        typeDefs: `
          type Query { products: [Product] @provides(fields: "categories { id name sub { name } }") plain: [Product] }
          type Product @key(fields: "id") { id: ID! categories: [Category] @external }
          type Category @key(fields: "id") { id: ID! name: String @external sub: Category @external }`,
        resolvers: {
          Query: { products: () => [{ id: 'p1', categories: [category, null] }], plain: () => [{ id: 'p1' }] },
        },
      },
      {
        name: 'categories',
        typeDefs: `
          type Product @key(fields: "id") { id: ID! categories: [Category] @shareable }
          type Category @key(fields: "id") { id: ID! name: String @shareable sub: Category @shareable note: String }`,
        resolvers: {
          Product: { categories: () => [{ id: 'c1' }] },
          Category: {
            __resolveReference: by([category, category.sub], 'id'),
            name: ({ id }: { id: string }) => `fetched ${id}`,
            note: () => 'n',
          },
        },
      },
    ],
    [
      [
        '{ products { id categories { id name sub { name } } } }',
        { products: [{ id: 'p1', categories: [{ id: 'c1', name: 'Lights', sub: { name: 'Lamps' } }, null] }] },
        { requests: { products: 1, categories: 0 } },
      ],
      [
        '{ products { categories { sub { name note } } } }',
        { products: [{ categories: [{ sub: { name: 'Lamps', note: 'n' } }, null] }] },
        { requests: { products: 1, categories: 1 } },
      ],
      ['{ plain { categories { name } } }', { plain: [{ categories: [{ name: 'fetched c1' }] }] }],
    ],
  );
});

describe('@provides and @requires together', () => {
  answers(
    [
      {
        name: 'accounts',
        typeDefs: 'type Query { me: User } type User @key(fields: "id") { id: ID! username: String @shareable }',
        resolvers: {
          Query: { me: () => ({ id: 'u1', username: 'ada' }) },
          User: { __resolveReference: ({ id }: { id: string }) => ({ id, username: 'ada' }) },
        },
      },
      {
        name: 'inventory',
        typeDefs: `type Product @key(fields: "upc") {
          upc: ID! weight: Int @external price: Int @external inStock: Boolean
          shipping: Int @requires(fields: "price weight") tag: String @requires(fields: "price weight")
        }`,
        resolvers: {
          Product: {
            inStock: () => true,
            shipping: ({ price, weight }: { price: number; weight: number }) => price * weight,
            tag: ({ price, weight }: { price: number; weight: number }) => `#${price}/${weight}`,
          },
        },
      },
      {
        name: 'products',
        typeDefs:
          'type Query { products: [Product] } type Product @key(fields: "upc") { upc: ID! name: String price: Int weight: Int }',
        resolvers: {
          Query: { products: () => [{ upc: '1', price: 3, weight: 5, name: 'Lamp' }] },
          Product: { __resolveReference: ({ upc }: { upc: string }) => ({ upc, price: 3, weight: 5, name: 'Lamp' }) },
        },
      },
      {
        name: 'reviews',
        typeDefs: `
          type Review @key(fields: "id") { id: ID! body: String author: User @provides(fields: "username") product: Product }
          type User @key(fields: "id") { id: ID! username: String @external reviews: [Review] }
          type Product @key(fields: "upc") { upc: ID! reviews: [Review] }`,
        resolvers: {
          User: {
            reviews: () => [
              { id: 'r1', body: 'Fine', author: { id: 'u1', username: 'provided' }, product: { upc: '1' } },
            ],
          },
          Product: { reviews: () => [{ id: 'r1', body: 'Fine', author: { id: 'u1', username: 'provided' } }] },
        },
      },
    ],
    [
      [
        '{ me { reviews { author { id username } product { inStock shipping tag } } } }',
        {
          me: {
            reviews: [
              { author: { id: 'u1', username: 'provided' }, product: { inStock: true, shipping: 15, tag: '#3/5' } },
            ],
          },
        },
        { requests: { accounts: 1, inventory: 1, products: 1, reviews: 1 } },
      ],
      [
        '{ products { inStock shipping name reviews { author { username } } } }',
        { products: [{ inStock: true, shipping: 15, name: 'Lamp', reviews: [{ author: { username: 'provided' } }] }] },
      ],
      ['{ me { username reviews { id } } }', { me: { username: 'ada', reviews: [{ id: 'r1' }] } }],
    ],
  );
});
