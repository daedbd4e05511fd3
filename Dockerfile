# One image for every process; which one it is, the command says (docker-compose.yml).

FROM node:24.21.0-bookworm-slim AS manifests
WORKDIR /srv/tributary
COPY package.json package-lock.json ./
COPY patches patches
COPY schema/package.json schema/
COPY subgraphs/kit/package.json subgraphs/kit/
COPY subgraphs/users/package.json subgraphs/users/
COPY subgraphs/orders/package.json subgraphs/orders/
COPY subgraphs/billing/package.json subgraphs/billing/
COPY gateway/package.json gateway/
COPY app/package.json app/
COPY test/package.json test/

# What runs. Optional dependencies are the Node and the PostgreSQL that npm brings to a laptop: here both are images of their own.
FROM manifests AS dependencies
RUN npm ci --omit=dev --omit=optional --ignore-scripts --workspace=app --include-workspace-root
RUN npx --no-install patch-package

FROM manifests AS explorer
RUN npm ci --ignore-scripts
COPY app/bin app/bin
COPY app/explorer app/explorer
RUN node app/bin/build-explorer.js

FROM node:24.21.0-bookworm-slim AS runtime
ENV NODE_ENV=production
WORKDIR /srv/tributary
COPY --from=dependencies /srv/tributary ./
COPY schema schema
COPY subgraphs subgraphs
COPY gateway gateway
COPY app app
COPY --from=explorer /srv/tributary/app/explorer/dist app/explorer/dist
USER node
CMD ["node", "app/src/services/gateway/main.ts"]
