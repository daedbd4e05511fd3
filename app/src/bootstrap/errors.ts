/** The database cannot be prepared. The message is for the operator, says what to do and holds no secret. */
export class BootstrapError extends Error {
  override name = 'BootstrapError';
}
