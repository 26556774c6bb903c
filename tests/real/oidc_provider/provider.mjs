// The certified provider of npm, which signs everybody in as the same person without asking.
// One JSON object on the standard input says how; a line is written once it answers.
import { readFileSync } from 'node:fs';

import Provider from 'oidc-provider';

const { issuer, port, clients, jwks, person, resource, acr } = JSON.parse(readFileSync(0, 'utf8'));
const SHORTEST = 32;

const provider = new Provider(issuer, {
  clients,
  jwks,
  acrValues: [acr],
  claims: { openid: ['sub'], given_name: ['given_name'], usual_name: ['usual_name'], email: ['email'] },
  conformIdTokenClaims: true,
  cookies: { keys: ['for tests only'] },
  enabledJWA: { userinfoSigningAlgValues: ['ES256'], idTokenSigningAlgValues: ['ES256'] },
  clientDefaults: { id_token_signed_response_alg: 'ES256' },
  pkce: { required: () => true },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ ...person, sub }) }),
  issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  expiresWithSession: () => false,
  ttl: { AccessToken: 600, IdToken: 600, RefreshToken: 3600, Session: 3600, Grant: 3600, Interaction: 600 },
  features: {
    devInteractions: { enabled: false },
    revocation: { enabled: true },
    jwtUserinfo: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => { ctx.body = form; },
    },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({
        scope: 'livret:read livret:write',
        audience: resource,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
  async loadExistingGrant(ctx) {
    const { client, session } = ctx.oidc;
    const grant = new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope('openid given_name usual_name email offline_access');
    grant.addResourceScope(resource, 'livret:read livret:write');
    await grant.save();
    return grant;
  },
});

provider.use(async (ctx, next) => {
  const { state = '', nonce = '' } = ctx.query;
  if (ctx.path === '/auth' && Math.min(state.length, nonce.length) < SHORTEST) {
    ctx.status = 400; // as ProConnect does
    ctx.body = 'state and nonce have at least 32 characters';
  } else if (ctx.path.startsWith('/interaction/')) {
    const result = { login: { accountId: person.sub, acr, amr: ['pwd'] } };
    await provider.interactionFinished(ctx.req, ctx.res, result);
  } else if (ctx.path.startsWith('/hostile/')) {
    const document = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
    const [, , trick] = ctx.path.split('/');
    ctx.body = HOSTILE[trick](document, `${issuer}/hostile/${trick}`);
  } else {
    await next();
  }
});

const HOSTILE = {
  impostor: (document) => document,
  detour: (document, own) => ({ ...document, issuer: own, token_endpoint: 'http://192.0.2.1/token' }),
  file: (document, own) => ({ ...document, issuer: own, jwks_uri: 'file:///etc/passwd' }),
  list: () => [],
};

provider.on('server_error', (_ctx, error) => console.error(error));
provider.listen(port, '127.0.0.1', () => console.log('listening'));
