/** A process cannot be kept running. The reason stands in its own log. */
export class ServiceError extends Error {
  override name = 'ServiceError';
}
