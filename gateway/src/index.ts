// The public face of the gateway. The all-in-one process builds a `GatewayConfig`, makes one transport per subgraph, and calls
// `startGateway`; `main.ts` does the same from the environment for a gateway that runs alone.

export { createAnswerTexts } from './answer-texts.ts';
export type { AnswerTexts } from './answer-texts.ts';
export { issuerProblems } from './auth/issuer-config.ts';
export type { IssuerConfig } from './auth/issuer-config.ts';
export type { Authenticate, Session } from './auth/authenticate.ts';
export type { DecidePolicies } from './authorization/policy-decision.ts';
export type { AuthorizationMode } from './authorization/rejection.ts';
export { createHttpFindPrincipal } from './auth/http-find-principal.ts';
export { scopesOf } from './auth/role-scopes.ts';
export {
  defaultGatewayConfig,
  readGatewayConfig,
  readGatewayProcessConfig,
  readIssuers,
  readTransportGuards,
} from './config.ts';
export type { GatewayConfig, GatewayLimits, GatewayProcessConfig } from './config.ts';
export { createEngine } from './execution/engine.ts';
export { createStockExecutor } from './execution/stock-executor.ts';
export type {
  FetchObserver,
  ObservedFetch,
  PlanExecutor,
  PlanExecutorDeps,
  PlannedOperation,
  PlanRequest,
  PlanResult,
  PreparedOperation,
} from './execution/plan-executor.ts';
export type { DecideOverrides } from './planning/override-decision.ts';
export { startRemoteGateway } from './remote-gateway.ts';
export type { RemoteGatewayDependencies } from './remote-gateway.ts';
export { createGateway } from './create-gateway.ts';
export type { Gateway, GatewayOptions } from './create-gateway.ts';
export type { GatewayInterface, OperationContext } from './gateway.ts';
export { PortInUse, startGateway } from './server.ts';
export type { GatewayDependencies, GatewayServer } from './server.ts';
export { loadSupergraph, SupergraphError } from './supergraph.ts';
export type { Supergraph } from './supergraph.ts';
export { supergraphFile } from './supergraph-sources/supergraph-file.ts';
export { SupergraphUnreadable } from './supergraph-sources/supergraph-source.ts';
export type { OpenSupergraph, SupergraphListener, SupergraphSource } from './supergraph-sources/supergraph-source.ts';
export { supergraphUrl } from './supergraph-sources/supergraph-url.ts';
export { createForwardingCallHeaders } from './transport/forwarded-headers.ts';
export { createPlainSubgraphTransport } from './transport/plain-subgraph.ts';
export type { PlainSubgraphOptions } from './transport/plain-subgraph.ts';
export type { CallHeaders } from './transport/call-headers.ts';
export type { CreateTransport } from './transport/transport-leases.ts';
export { createOwnSubgraphTransport } from './transport/own-subgraph.ts';
export { DEFAULT_GUARDS, guardTransport } from './transport/guarded-transport.ts';
export type { TransportGuards } from './transport/guarded-transport.ts';
export { createHttpTransport } from './transport/http.ts';
export type { HttpTransportOptions } from './transport/http.ts';
export type { ForeignStreams } from './subscriptions/foreign-server.ts';
export type { StreamLimits } from './subscriptions/limits.ts';
export { createSubscriptions, mountSubscriptions } from './subscriptions/mount-subscriptions.ts';
export type { Subscriptions } from './subscriptions/mount-subscriptions.ts';
export type { SubscriptionOptions } from './transport/http-subscriptions.ts';
export { createInProcessTransport } from './transport/in-process.ts';
export { createNodesSubgraph } from './transport/nodes-subgraph.ts';
export type {
  OperationKind,
  SubgraphAnswer,
  SubgraphError,
  SubgraphFetch,
  SubgraphTransport,
} from './transport/subgraph-transport.ts';
