import type { SubgraphSdl } from './schemas.js';

/** Abstract types, interface objects, requirements of every kind, provided and moving fields: what planners stumble over. */
export const library: readonly SubgraphSdl[] = [
  {
    name: 'catalogue',
    typeDefs: `
      type Query { works: [Work] work: Work! shelf: Shelf found: [Found!] nested: [[Work!]!] authors(first: Int = 2): [Author!] }
      interface Work @key(fields: "id") { id: ID! title(lang: Lang): String! author: Author }
      type Book implements Work @key(fields: "id") { id: ID! title(lang: Lang): String! author: Author pages(from: Int): Int isbn: ID! size: Size @shareable }
      type Film implements Work @key(fields: "id") { id: ID! title(lang: Lang): String! author: Author minutes: Int sequel: Film }
      type Song implements Work @key(fields: "id") { id: ID! title(lang: Lang): String! author: Author seconds: Int! }
      type Author @key(fields: "id") @key(fields: "code") { id: ID! code: Int! name(short: Boolean): String works: [Work!] pen: Pen }
      type Pen { colour: Colour! refill: Pen }
      type Size { width: Int! @shareable height: Int @shareable }
      type Shelf @key(fields: "room { number }") { room: Room! label: String content: [Found] }
      type Room { number: Int! @shareable }
      union Found = Book | Film | Author | Shelf
      enum Colour { RED GREEN BLUE }
      enum Lang { EN DE }
    `,
  },
  {
    name: 'ratings',
    typeDefs: `
      type Query { rated(by: RatingInput): [Work!] best: Work }
      type Work @key(fields: "id") @interfaceObject { id: ID! stars: Float reviews(first: Int): [Review!] title(lang: Lang): String! @external blurb: String @requires(fields: "title(lang: EN)") blurbs: String! @requires(fields: "title(lang: DE)") }
      type Review @key(fields: "id") { id: ID! text: String! work: Work by: Author @provides(fields: "alive") }
      type Author @key(fields: "id") { id: ID! alive: Boolean @external reviews: [Review] }
      input RatingInput { least: Int = 1 colours: [Colour!] }
      enum Lang { EN DE }
      enum Colour { RED BLUE GREEN }
    `,
  },
  {
    name: 'stock',
    typeDefs: `
      type Query { shelves: [Shelf!]! offers: [Offer] sellers: [Author] }
      type Book @key(fields: "id") { id: ID! pages(from: Int): Int @external isbn: ID! @external size: Size @shareable weight: Int @requires(fields: "pages(from: 1) isbn") rest: Int @requires(fields: "pages(from: 2)") }
      type Size { width: Int! @shareable depth: Int }
      type Author @key(fields: "code") { code: Int! pen: Pen @external royalties: Float @requires(fields: "pen { colour refill { colour } }") }
      type Pen { colour: Colour! @external refill: Pen @external }
      enum Colour { RED GREEN BLUE }
      type Shelf @key(fields: "room { number }") { room: Room! label: String @override(from: "catalogue", label: "percent(50)") free: Int! }
      type Room { number: Int! @shareable floor: Int }
      interface Priced { price: Int }
      type Sale implements Priced { price: Int book: Book until: String! }
      type Rent implements Priced { price: Int shelf: Shelf }
      union Offer = Sale | Rent
    `,
  },
  {
    name: 'people',
    typeDefs: `
      type Query { people: [Author!] }
      type Author @key(fields: "id") { id: ID! name(short: Boolean): String @external born: Int friends: [Author] royalties: Float @external rank: String @requires(fields: "royalties born2 { year }") born2: Born @external initials: String @requires(fields: "name(short: true)") }
      type Born { year: Int @shareable }
    `,
  },
  {
    name: 'archive',
    typeDefs: `
      type Author @key(fields: "id") { id: ID! alive: Boolean @shareable born2: Born }
      type Born { year: Int @shareable place: String }
    `,
  },
];
