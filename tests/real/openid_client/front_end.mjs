// The certified client of npm as a front end and as two machines. One JSON object on the standard
// input says whose; each step that passed is a line of JSON on the standard output.
import { webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';

// Debian's Node 18 has these under other names only.
globalThis.crypto ??= webcrypto;
globalThis.CryptoKey ??= webcrypto.CryptoKey;
const oidc = await import('openid-client');
const { signIn, visit } = await import('./browser.mjs');

const { issuer, api, frontEnd, person, bySecret, byKey } = JSON.parse(readFileSync(0, 'utf8'));
const server = new URL(issuer);
const insecure = { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] };

function passed(step, what = {}) {
  console.log(JSON.stringify({ step, ...what }));
}

async function refused(call) {
  try {
    await call();
  } catch (error) {
    return error.error ?? error.status ?? error.code ?? String(error);
  }
  return 'nothing';
}

async function asked(token) {
  const answer = await oidc.fetchProtectedResource(
    config, token, new URL(api), 'POST', JSON.stringify({ query: '{ booklet { id } }' }),
    new Headers({ 'content-type': 'application/json' }),
  );
  return answer.json();
}

const config = await oidc.discovery(server, frontEnd.id, undefined, oidc.None(), insecure);
passed('discovery', { pkce: config.serverMetadata().supportsPKCE() });

async function begin(more = {}) {
  const verifier = oidc.randomPKCECodeVerifier();
  const checks = {
    pkceCodeVerifier: verifier, expectedState: oidc.randomState(), expectedNonce: oidc.randomNonce(),
  };
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: frontEnd.back,
    scope: 'openid email profile offline_access livret:read livret:write',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...more,
  });
  const { url: back } = await signIn(url.href, person, frontEnd.back);
  return { back: new URL(back), checks };
}

const { back, checks } = await begin();
passed('came back', { iss: back.searchParams.get('iss'), has: [...back.searchParams.keys()].sort() });

const tampered = new URL(back);
tampered.searchParams.set('iss', 'https://elsewhere.example');
passed('another iss', { refused: await refused(() => oidc.authorizationCodeGrant(config, tampered, checks)) });

const tokens = await oidc.authorizationCodeGrant(config, back, checks);
const { sub, aud, nonce, auth_time: at } = tokens.claims();
passed('tokens', { aud, sub, nonce: nonce === checks.expectedNonce, at: typeof at, type: tokens.token_type, expires: tokens.expires_in });
passed('api', await asked(tokens.access_token));

const about = await oidc.fetchUserInfo(config, tokens.access_token, sub);
passed('userinfo', { email: about.email, name: about.given_name });

passed('code again', { refused: await refused(() => oidc.authorizationCodeGrant(config, back, checks)) });
passed('revoked by it', { refused: await refused(() => oidc.refreshTokenGrant(config, tokens.refresh_token)) });

async function signedIn(more) {
  const again = await begin(more);
  return oidc.authorizationCodeGrant(config, again.back, { ...again.checks, maxAge: more?.max_age && Number(more.max_age) });
}

const first = await signedIn();
const second = await oidc.refreshTokenGrant(config, first.refresh_token);
passed('refreshed', { same: second.refresh_token === first.refresh_token, ...(await asked(second.access_token)) });
const reused = await refused(() => oidc.refreshTokenGrant(config, first.refresh_token));
passed('reused', { refused: reused, family: await refused(() => oidc.refreshTokenGrant(config, second.refresh_token)) });

const third = await signedIn({ prompt: 'login', max_age: '60' });
await oidc.tokenRevocation(config, third.refresh_token);
passed('revoked', { refused: await refused(() => oidc.refreshTokenGrant(config, third.refresh_token)) });

const fourth = await signedIn();
const leaving = oidc.buildEndSessionUrl(config, {
  id_token_hint: fourth.id_token, post_logout_redirect_uri: frontEnd.left, state: 'gone',
});
const { url: left } = await visit(leaving.href, { until: frontEnd.left });
passed('left', {
  left,
  session: await refused(async () => { await signedIn({ prompt: 'none' }); }),
  refused: await refused(() => oidc.refreshTokenGrant(config, fourth.refresh_token)),
});

async function machine(step, id, proof) {
  const own = await oidc.discovery(server, id, undefined, proof, insecure);
  const given = await oidc.clientCredentialsGrant(own, { scope: 'livret:summary' });
  passed(step, {
    scope: given.scope, expires: given.expires_in, refresh: 'refresh_token' in given,
    more: await refused(() => oidc.clientCredentialsGrant(own, { scope: 'livret:write' })),
  });
}

await machine('secret', bySecret.id, oidc.ClientSecretBasic(bySecret.secret));
const ec = { name: 'ECDSA', namedCurve: 'P-256' };
const key = await crypto.subtle.importKey('jwk', byKey.key, ec, false, ['sign']);
await machine('key', byKey.id, oidc.PrivateKeyJwt({ key, kid: byKey.key.kid }));
const stolen = await crypto.subtle.generateKey(ec, false, ['sign', 'verify']);
passed('another key', {
  refused: await refused(() => machine('never', byKey.id, oidc.PrivateKeyJwt({ key: stolen.privateKey, kid: byKey.key.kid }))),
  secret: await refused(() => machine('never', bySecret.id, oidc.ClientSecretBasic('wrong'))),
});
