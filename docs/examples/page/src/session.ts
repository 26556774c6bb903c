// Signing in at Livret's own issuer: authorization code with PKCE, tokens in memory.
import { InMemoryWebStorage, UserManager, WebStorageStateStore } from "oidc-client-ts";

/** What the operator tells of the service: its address, and the client's id. */
export interface Service {
  url: string;
  clientId: string;
}

export function sessionOf({ url, clientId }: Service): UserManager {
  return new UserManager({
    authority: url,
    client_id: clientId,
    redirect_uri: `${location.origin}/retour.html`,
    post_logout_redirect_uri: `${location.origin}/`,
    scope: "openid offline_access livret:read livret:write",
    // A token in localStorage or sessionStorage can be read by any script of the page.
    userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    automaticSilentRenew: true, // an access token lives ten minutes
    revokeTokensOnSignout: true,
  });
}
