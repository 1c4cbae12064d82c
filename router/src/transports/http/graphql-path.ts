import type { FastifyRequest } from 'fastify';

/** Whether a request is for the API, however its path is spelt: by the route that it came to, or by its path where there is none (OPTIONS). */
export const isGraphQL = ({ routeOptions, url }: FastifyRequest): boolean =>
  routeOptions.url === '/graphql' || /^\/graphql(?=[/?]|$)/.test(url);
