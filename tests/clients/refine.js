// What refine asks of its data provider.
//
// The token goes in by the package's own axios instance (`setup.js`), whose interceptor also gives errors their
// `statusCode`.
import dataProvider, { axiosInstance } from '@refinedev/simple-rest';
import assert from 'node:assert/strict';
import { before, beforeEach, it } from 'node:test';

import { CARDS, COMMENTS, known, latestFirst } from './seeds.js';
import { setUp } from './setup.js';

// The package has one axios instance for all, so there is one token at a time.
let token;
setUp(() => token);

const page = (currentPage, pageSize) => ({ currentPage, pageSize });
const where = (field, operator, value) => ({ field, operator, value });

export function refine(server) {
  const api = dataProvider(server.url, axiosInstance);
  const people = {};

  before(async () => {
    [people.ann, people.bob] = await Promise.all(['Ann', 'Bob'].map(name => server.register(name)));
  });
  beforeEach(() => {
    token = people.ann.token;
  });

  const make = async (title, more = {}) =>
    (await api.create({ resource: 'cards', variables: { title, ...more } })).data;

  it('getList: a page, its order and the total', async () => {
    const { data, total } = await api.getList({
      resource: 'cards',
      pagination: page(2, 4),
      sorters: [
        { field: 'priority', order: 'asc' },
        { field: 'date', order: 'desc' },
      ],
      filters: [where('user_id', 'eq', 2)],
    });
    const expected = latestFirst(CARDS.filter(card => card.user_id === 2));
    expected.sort((a, b) => a.priority.localeCompare(b.priority));
    assert.deepEqual(known(data), expected.slice(4, 8));
    assert.equal(total, 10);
  });

  it('getList: every operator that the package knows', async () => {
    const { data, total } = await api.getList({
      resource: 'cards',
      pagination: page(1, 20),
      sorters: [{ field: 'id', order: 'asc' }],
      filters: [
        where('title', 'contains', 'FOR THE'),
        where('priority', 'eq', 'High'),
        where('status', 'ne', 'Done'),
        where('user_id', 'in', [2, 3]),
        where('date', 'gte', '2026-02-01'),
        where('date', 'lte', '2026-10-31'),
      ],
    });
    const expected = CARDS.filter(
      card =>
        card.priority === 'High' &&
        card.status !== 'Done' &&
        [2, 3].includes(card.user_id) &&
        card.date >= '2026-02-01' &&
        card.date <= '2026-10-31',
    );
    assert.ok(expected.length > 2);
    assert.deepEqual(known(data), expected);
    assert.equal(total, expected.length);
  });

  it('getList: q searches the titles', async () => {
    const filters = [where('q', 'contains', 'keyboards'), where('user_id', 'lte', 6)];
    const { data, total } = await api.getList({ resource: 'cards', filters });
    assert.deepEqual(known(data), [CARDS[9], CARDS[21], CARDS[33], CARDS[45]]);
    assert.equal(total, 4);
  });

  it('getList: nothing found is no rows of 0', async () => {
    const filters = [where('title', 'eq', 'Nobody wrote this')];
    assert.deepEqual(await api.getList({ resource: 'cards', filters }), { data: [], total: 0 });
  });

  it('getList without pages: what the server gives at once', async () => {
    const { data, total } = await api.getList({
      resource: 'comments',
      pagination: { mode: 'off' },
      filters: [where('card_id', 'lte', 30)],
    });
    assert.deepEqual(known(data), COMMENTS);
    assert.equal(total, 30);
  });

  it('getOne: the row as it is stored', async () => {
    const { data } = await api.getOne({ resource: 'cards', id: 48 });
    assert.deepEqual(data, await server.read('/cards/48'));
    assert.deepEqual(known([data]), [CARDS[47]]);
  });

  it('getMany: these rows and no others', async () => {
    const { data } = await api.getMany({ resource: 'cards', ids: ['30', 2, 17] });
    assert.deepEqual(known(data), [CARDS[1], CARDS[16], CARDS[29]]);
  });

  it('the rows that refer to one: a list with a filter', async () => {
    const card = await make('Talked about');
    for (const message of ['one', 'two', 'three']) {
      await api.create({ resource: 'comments', variables: { message, card_id: card.id } });
    }
    const { data, total } = await api.getList({
      resource: 'comments',
      pagination: page(1, 2),
      sorters: [{ field: 'id', order: 'desc' }],
      filters: [where('card_id', 'eq', card.id)],
    });
    assert.deepEqual(
      data.map(comment => [comment.message, comment.user_id]),
      [
        ['three', people.ann.id],
        ['two', people.ann.id],
      ],
    );
    assert.equal(total, 3);
  });

  it('create: the stored row, with what the server filled in', async () => {
    const data = await make('Buy milk', { date: '2028-02-29' });
    assert.deepEqual(data, await server.read(`/cards/${data.id}`));
    assert.deepEqual(
      [data.title, data.status, data.priority, data.date, data.user_id, data.version],
      ['Buy milk', 'To Do', 'Medium', '2028-02-29', people.ann.id, 1],
    );
  });

  it('update: PATCH of what changed, or PUT where it is told to', async () => {
    const card = await make('First thought', { description: 'kept' });
    const { data } = await api.update({ resource: 'cards', id: card.id, variables: { title: 'Second thought' } });
    assert.deepEqual(data, await server.read(`/cards/${card.id}`));
    assert.deepEqual([data.title, data.description, data.version], ['Second thought', 'kept', 2]);

    const { data: whole } = await api.update({
      resource: 'cards',
      id: card.id,
      variables: { ...data, title: 'Third thought', description: null },
      meta: { method: 'put' },
    });
    assert.deepEqual(whole, await server.read(`/cards/${card.id}`));
    assert.deepEqual([whole.title, whole.description, whole.version], ['Third thought', null, 3]);
  });

  it('many at once: refine calls update and deleteOne for each', async () => {
    // The package leaves these out, and refine's hooks do then what is done here.
    assert.deepEqual([api.createMany, api.updateMany, api.deleteMany], [undefined, undefined, undefined]);
    const cards = [await make('A', { description: 'of A' }), await make('B')];
    const updated = await Promise.all(
      cards.map(({ id }) => api.update({ resource: 'cards', id, variables: { status: 'Done' } })),
    );
    assert.deepEqual(
      updated.map(({ data }) => [data.id, data.title, data.description, data.status]),
      cards.map(card => [card.id, card.title, card.description, 'Done']),
    );
    const deleted = await Promise.all(cards.map(({ id }) => api.deleteOne({ resource: 'cards', id })));
    assert.deepEqual(
      deleted.map(({ data }) => data),
      updated.map(({ data }) => data),
    );
    assert.deepEqual(await server.read(`/cards?id=in.(${cards.map(card => card.id)})`), []);
  });

  it('deleteOne: answers the row, with and without a body in the request', async () => {
    for (const variables of [undefined, {}]) {
      const card = await make('Short-lived');
      const { data } = await api.deleteOne({ resource: 'cards', id: card.id, variables });
      assert.deepEqual(data, card);
      assert.equal((await server.get(`/cards/${card.id}`)).status, 404);
    }
  });

  it('a body with mistakes: statusCode 422, and the body names each field', async () => {
    const error = await failure(make('', { status: 'Dne' }));
    assert.equal(error.statusCode, 422);
    const problem = error.response.data;
    assert.equal(error.message, problem.message);
    assert.equal(problem.code, '23514');
    assert.deepEqual(problem.errors, {
      status: 'must be one of `To Do`, `Ongoing`, `Testing`, `Done`',
      title: 'must have 1 to 100 characters',
    });
    assert.deepEqual(error.errors, problem.errors);
  });

  it('without a token, or with a wrong one: statusCode 401', async () => {
    for (const [wrong, code] of [
      [null, 'PGRST302'],
      ['not.a.token', 'PGRST301'],
    ]) {
      token = wrong;
      const error = await failure(make('Mine'));
      assert.deepEqual([error.statusCode, error.response.data.code], [401, code]);
    }
  });

  it("a row that is not there, or is somebody else's: statusCode 404", async () => {
    const card = await make("Ann's");
    token = people.bob.token;
    for (const call of [
      () => api.getOne({ resource: 'cards', id: 999999 }),
      () => api.update({ resource: 'cards', id: card.id, variables: { title: "Bob's" } }),
      () => api.deleteOne({ resource: 'cards', id: card.id }),
    ]) {
      const error = await failure(call());
      assert.deepEqual([error.statusCode, error.message], [404, 'there is no such row']);
    }
    assert.deepEqual(await server.read(`/cards/${card.id}`), card);
  });

  it('a column that is not there: statusCode 400 with the nearest name', async () => {
    const error = await failure(api.getList({ resource: 'cards', filters: [where('titel', 'contains', 'x')] }));
    assert.equal(error.statusCode, 400);
    assert.match(error.response.data.hint, /`title/);
  });

  it('or: the package itself refuses it, before any request', async () => {
    const filters = [{ operator: 'or', value: [where('id', 'eq', 1), where('id', 'eq', 2)] }];
    await assert.rejects(api.getList({ resource: 'cards', filters }), /not supported/);
  });
}

/** The error that a call of refine's fails with. */
async function failure(call) {
  return call.then(
    answer => assert.fail(`it answered ${JSON.stringify(answer)}`),
    error => error,
  );
}
