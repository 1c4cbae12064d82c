import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { Client, fetchExchange } from '@urql/core';
import { fetchAgain } from './fetch-again.js';

/** Apollo Client, whose mutations survive a lost answer. */
export const apolloClient = (uri: string) =>
  new ApolloClient({ link: new HttpLink({ uri, fetch: fetchAgain }), cache: new InMemoryCache() });

/** The same of urql. */
export const urqlClient = (url: string) =>
  new Client({ url, fetch: fetchAgain, exchanges: [fetchExchange], preferGetMethod: false });
