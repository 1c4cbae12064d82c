# syntax=docker/dockerfile:1
# One image for every process: the command chooses it (start router, start identity, migrate, seed …).

FROM node:24.4.0-bookworm-slim AS build
WORKDIR /platform
ENV CI=true
RUN npm install --global pnpm@12.21.0
COPY . .
RUN pnpm install --frozen-lockfile && node_modules/.bin/tsc -b

# Anew, without what only building needs; the embedded PostgreSQL is optional and stays out, too.
FROM build AS production
RUN rm -rf node_modules */*/node_modules router/node_modules packages/testkit \
 && pnpm --filter "@platform/platformctl..." install --prod --no-optional --frozen-lockfile

FROM node:24.4.0-bookworm-slim
ENV NODE_ENV=production
WORKDIR /platform
RUN mkdir /data && chown node:node /data
COPY --from=production /platform/package.json /platform/pnpm-workspace.yaml /platform/supergraph.yaml ./
COPY --from=production /platform/node_modules node_modules
COPY --from=production /platform/config config
COPY --from=production /platform/migrations migrations
COPY --from=production /platform/packages packages
COPY --from=production /platform/router router
COPY --from=production /platform/subgraphs subgraphs
COPY --from=production /platform/tools tools
USER node
VOLUME /data
EXPOSE 4000-4004
ENTRYPOINT ["node", "tools/platformctl/dist/main.js"]
CMD ["start", "router"]
