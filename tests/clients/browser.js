// What a browser does around `fetch` for a page of another origin than the API's
// (https://fetch.spec.whatwg.org/#http-cors-protocol), as far as it matters to these clients: it asks before whatever is
// not simple, and shows the page no header that the server does not expose.

/** Where the page is from. `run` starts the servers with it in `CORS_ORIGINS`. */
export const ORIGIN = 'http://localhost:5173';

const SIMPLE_METHODS = ['GET', 'HEAD', 'POST'];
const SIMPLE_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];
const SHOWN_ANYWAY = ['cache-control', 'content-language', 'content-length', 'content-type', 'expires', 'last-modified'];

/** A `fetch` for such a page, over one that may do anything. */
export const fetchOfAPage = fetch => async (url, options = {}) => {
  const headers = new Headers(options.headers);
  const method = options.method ?? 'GET';
  const unusual = [...headers].filter(([name, value]) => !isSimple(name, value)).map(([name]) => name);
  if (!SIMPLE_METHODS.includes(method) || unusual.length > 0) await ask(fetch, url, method, unusual);

  headers.set('origin', ORIGIN);
  const answer = await fetch(url, { ...options, headers });
  allowsOrigin(answer);
  const exposed = names(answer, 'access-control-expose-headers');
  const shown = [...answer.headers].filter(([name]) => SHOWN_ANYWAY.includes(name) || exposed.includes(name));
  const { status, statusText } = answer;
  return new Response(await answer.text(), { status, statusText, headers: shown });
};

function isSimple(name, value) {
  if (name === 'content-type') return SIMPLE_TYPES.includes(value.split(';')[0].trim());
  if (name === 'range') return /^bytes=\d+-\d*$/.test(value);
  return ['accept', 'accept-language', 'content-language'].includes(name);
}

async function ask(fetch, url, method, unusual) {
  const headers = { origin: ORIGIN, 'access-control-request-method': method };
  if (unusual.length > 0) headers['access-control-request-headers'] = unusual.sort().join(',');
  const answer = await fetch(url, { method: 'OPTIONS', headers });
  allowsOrigin(answer);
  const methods = [...SIMPLE_METHODS, ...names(answer, 'access-control-allow-methods').map(m => m.toUpperCase())];
  if (!answer.ok || !methods.includes(method)) throw new TypeError(`the server does not allow ${method} ${url}`);
  const allowed = names(answer, 'access-control-allow-headers');
  const refused = unusual.filter(name => !allowed.includes(name));
  if (refused.length > 0) throw new TypeError(`the server does not allow the headers ${refused}`);
}

function allowsOrigin(answer) {
  const origin = answer.headers.get('access-control-allow-origin');
  if (origin !== ORIGIN) throw new TypeError(`a page of ${ORIGIN} may not read what is for ${origin}`);
}

const names = (answer, header) =>
  (answer.headers.get(header) ?? '').split(',').map(name => name.trim().toLowerCase());
