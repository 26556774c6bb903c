// A person's browser: cookies of one host, redirects, and the form of the page where they sign in.
const jar = new Map();

export async function visit(url, { until, form } = {}) {
  for (let step = 0; step < 12; step += 1) {
    const answer = await fetch(url, {
      redirect: 'manual',
      method: form ? 'POST' : 'GET',
      body: form && new URLSearchParams(form),
      headers: { cookie: cookies(), ...(form && { origin: new URL(url).origin }) },
    });
    keep(answer.headers.getSetCookie());
    const location = answer.headers.get('location');
    if (!location) return { url, status: answer.status, text: await answer.text() };
    url = new URL(location, url).href;
    form = undefined;
    if (until && url.startsWith(until)) return { url };
  }
  throw new Error('redirected for ever');
}

export async function signIn(url, { email, password }, until) {
  const page = await visit(url, { until });
  if (!page.text) return page;
  const [, hidden] = /name="return" value="([^"]*)"/.exec(page.text);
  const back = hidden.replaceAll('&amp;', '&');
  return visit(new URL('/account/sign-in', page.url), { until, form: { return: back, email, password } });
}

function cookies() {
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
}

function keep(set) {
  for (const cookie of set) {
    const [pair, ...attributes] = cookie.split('; ');
    const [name, value] = pair.split(/=(.*)/s);
    if (attributes.includes('Max-Age=0')) jar.delete(name);
    else jar.set(name, value);
  }
}
