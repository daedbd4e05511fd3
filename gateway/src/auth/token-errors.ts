/** The token does not prove who is calling. The reason is for the log; callers are told the same for every reason. */
export class TokenRefused extends Error {
  override name = 'TokenRefused';
}

/** Whether a token is good cannot be told at the moment: the issuer's keys or the directory of subjects are out of reach. */
export class AuthenticationUnavailable extends Error {
  override name = 'AuthenticationUnavailable';
}
