import type { SubgraphSdl } from './schemas.js';

/** 64-bit numbers wherever a number can stand: keys, values, arguments, defaults, requirements; alone, in lists, in input objects and in JSON. */
export const ledger: readonly SubgraphSdl[] = [
  {
    name: 'accounts',
    typeDefs: `
      scalar Long scalar JSON
      type Query { accounts(ids: [Long!], in: Box): [Account!] account(id: Long = 9007199254740993): Account owner(id: ID!): Owner any(of: JSON, in: Box): JSON assets: [Asset!] }
      type Account @key(fields: "id") { id: Long! balance(at: Long = 9223372036854775807, in: Box): Long! meta(of: JSON): JSON owner: Owner entries(from: [Long!], to: [[Long]]): [Entry!] }
      type Owner @key(fields: "id") { id: ID! number: Long numbers: [[Long]] share: Float }
      type Entry @key(fields: "account { id }") { account: Account! amount(in: Box! = { long: 9007199254740993 }): Long text(id: ID): String }
      interface Asset @key(fields: "id") { id: Long! worth(at: Long): Long }
      type House implements Asset @key(fields: "id") { id: Long! worth(at: Long): Long rooms: Int plan: JSON }
      type Boat implements Asset @key(fields: "id") { id: Long! worth(at: Long): Long length: Float crew: [Owner] }
      input Box { long: Long = 9007199254740993 longs: [[Long!]] any: JSON = [9007199254740993] id: ID box: Box }
    `,
  },
  {
    name: 'audits',
    typeDefs: `
      scalar Long scalar JSON
      type Query { audited(since: Long!): [Account] largest: Asset }
      type Account @key(fields: "id") { id: Long! balance(at: Long = 9223372036854775807, in: Box): Long! @external meta(of: JSON): JSON @external
        risk(of: JSON): Long @requires(fields: "balance(at: 9007199254740993) meta(of: { n: [9007199254740993] })")
        next: Account sign: JSON @requires(fields: "meta(of: 9007199254740992)") }
      type Owner @key(fields: "id") { id: ID! accounts(ids: [Long!]): [Account!] audit: JSON }
      type Entry @key(fields: "account { id }") { account: Account! hash(salt: Long): Long }
      type Asset @key(fields: "id") @interfaceObject { id: Long! audits(since: [Long]): [JSON] insured(by: Long): Long owner: Owner }
      input Box { long: Long = 9007199254740993 longs: [[Long!]] any: JSON = [9007199254740993] id: ID box: Box }
    `,
  },
  {
    name: 'people',
    typeDefs: `
      scalar Long scalar JSON
      type Query { owners(like: JSON = { n: 9007199254740993 }): [Owner!] }
      type Owner @key(fields: "id") { id: ID! name(in: Box): String taxNumber: Long! number: Long @external checked: String @requires(fields: "number") friends(ids: [ID!]): [Owner] }
      type Account @key(fields: "id") { id: Long! holder: Owner! }
      input Box { long: Long = 9007199254740993 longs: [[Long!]] any: JSON = [9007199254740993] id: ID box: Box }
    `,
  },
];
