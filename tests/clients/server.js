// The servers that `run` has started, asked without any client library: what a client says that it stored is looked up
// here.

/** A board on one of the databases. */
export class Server {
  constructor(database, url) {
    this.database = database;
    this.url = url;
  }

  /** The answer of a path. */
  async get(path, headers = {}) {
    return fetch(`${this.url}${path}`, { headers });
  }

  /** The body of a path, which must be there. */
  async read(path) {
    const answer = await this.get(path);
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}`);
    return answer.json();
  }

  /** How many rows a list has. */
  async count(path) {
    const answer = await this.get(path, { prefer: 'count=exact' });
    return Number(answer.headers.get('x-total-count'));
  }

  /** Somebody new: `{token, id}`. */
  async register(name) {
    people += 1;
    const body = { name, email: `${name.toLowerCase()}${people}@clients.example`, password: 'correct horse' };
    const answer = await fetch(`${this.url}/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (answer.status !== 201) throw new Error(`registering answers ${answer.status} ${await answer.text()}`);
    const session = await answer.json();
    return { token: session.access_token, id: session.user.id };
  }
}

let people = 0;

/** One server for each database. */
export const servers = [
  ['SQLite', process.env.KANBAN_SQLITE],
  ['PostgreSQL', process.env.KANBAN_POSTGRES],
]
  .filter(([, url]) => url)
  .map(([database, url]) => new Server(database, url));

if (servers.length === 0) throw new Error('no server: start these tests by tests/clients/run');
