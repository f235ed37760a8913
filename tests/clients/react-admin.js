// What react-admin asks of a data provider, the same for both of its packages.
//
// The token goes in by their own hook: an `httpClient` around `fetchUtils.fetchJson` (`setup.js`). Their errors are
// `HttpError`s, whose `body.errors` react-admin's forms show at each input.
import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { HttpError } from 'ra-core';

import { CARDS, COMMENTS, known, latestFirst } from './seeds.js';
import { signedIn } from './setup.js';

const page = (number, perPage) => ({ page: number, perPage });
const by = (field, order) => ({ field, order });

/** The cases, for the package whose default export is `provider`. */
export function reactAdmin(server, provider) {
  const anybody = provider(server.url);
  let ann, bob;

  before(async () => {
    [ann, bob] = await Promise.all(['Ann', 'Bob'].map(name => server.register(name)));
    for (const person of [ann, bob]) person.api = signedIn(provider, server.url, () => person.token);
  });

  const make = async (title, more = {}) => (await ann.api.create('cards', { data: { title, ...more } })).data;

  it('getList: a page, its order and the total', async () => {
    const { data, total } = await anybody.getList('cards', {
      pagination: page(2, 5),
      sort: by('date', 'DESC'),
      filter: { user_id: 2 },
    });
    const theirs = latestFirst(CARDS.filter(card => card.user_id === 2));
    assert.deepEqual(known(data), theirs.slice(5, 10));
    assert.equal(total, 10);
  });

  it('getList: pages without a filter do not overlap and add up', async () => {
    const ids = [];
    for (let number = 1; number <= 5; number += 1) {
      const { data, total } = await anybody.getList('cards', {
        pagination: page(number, 10),
        // Nearly everything is equal here: the id decides.
        sort: by('status', 'ASC'),
        filter: { date_lte: '2027-01-01' },
      });
      assert.equal(total, 48);
      ids.push(...data.map(card => card.id));
    }
    const rank = card => card.status;
    const expected = [...CARDS].sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : a.id - b.id));
    assert.deepEqual(ids, expected.map(card => card.id));
  });

  it('getList: filters by text, by number, by several values, by what ends in _gte and _lte', async () => {
    const { data, total } = await anybody.getList('cards', {
      pagination: page(1, 25),
      sort: by('id', 'ASC'),
      filter: {
        status: ['To Do', 'Done'],
        // The address bar gives react-admin texts where the record has numbers.
        user_id: '3',
        date_gte: '2026-02-01',
        date_lte: '2026-10-31',
      },
    });
    const expected = CARDS.filter(
      card =>
        ['To Do', 'Done'].includes(card.status) &&
        card.user_id === 3 &&
        card.date >= '2026-02-01' &&
        card.date <= '2026-10-31',
    );
    assert.ok(expected.length > 2);
    assert.deepEqual(known(data), expected);
    assert.equal(total, expected.length);
  });

  it('getList: q searches the titles', async () => {
    const { data, total } = await anybody.getList('cards', {
      pagination: page(1, 3),
      sort: by('id', 'ASC'),
      filter: { q: 'PHOTO arch', status: 'To Do' },
    });
    // Of each of the four places the ninth task, whose status goes round with it.
    assert.deepEqual(known(data), [CARDS[8], CARDS[20], CARDS[32]]);
    assert.ok(data.every(card => card.title.startsWith('Back up the photo archive')));
    assert.equal(total, 4);
  });

  it('getList: nothing found is no rows of 0', async () => {
    const list = { pagination: page(1, 10), sort: by('id', 'ASC'), filter: { title: 'Nobody wrote this' } };
    assert.deepEqual(await anybody.getList('cards', list), { data: [], total: 0 });
  });

  it('getList: a page past the end is empty and still has the total', async () => {
    // Where the last row of the last page was deleted, react-admin asks for that page again.
    const list = { pagination: page(7, 5), sort: by('id', 'ASC'), filter: { user_id: 2 } };
    assert.deepEqual(await anybody.getList('cards', list), { data: [], total: 10 });
  });

  it('getOne: the row as it is stored', async () => {
    const { data } = await anybody.getOne('cards', { id: '1' });
    assert.deepEqual(data, await server.read('/cards/1'));
    assert.equal(data.title, 'Sketch the landing page for the shop');
    assert.equal(data.description, 'Asked for by Ada.');
    assert.deepEqual(known([data]), [CARDS[0]]);
  });

  it('getMany: these rows and no others', async () => {
    const { data } = await anybody.getMany('cards', { ids: [47, '3', 12] });
    assert.deepEqual(
      known(data).sort((a, b) => a.id - b.id),
      [CARDS[2], CARDS[11], CARDS[46]],
    );
    assert.deepEqual((await anybody.getMany('comments', { ids: [999999] })).data, []);
  });

  it('getManyReference: the comments of a card, paged and counted', async () => {
    const card = await make('Talked about');
    const messages = ['one', 'two', 'three', 'four', 'five'];
    for (const message of messages) await ann.api.create('comments', { data: { message, card_id: card.id } });
    const { data, total } = await anybody.getManyReference('comments', {
      target: 'card_id',
      id: card.id,
      pagination: page(2, 2),
      sort: by('id', 'DESC'),
      filter: {},
    });
    assert.deepEqual(
      data.map(comment => [comment.message, comment.card_id, comment.user_id]),
      [
        ['three', card.id, ann.id],
        ['two', card.id, ann.id],
      ],
    );
    assert.equal(total, 5);

    const seeded = await anybody.getManyReference('comments', {
      target: 'user_id',
      id: '1',
      pagination: page(1, 25),
      sort: by('id', 'ASC'),
      filter: { card_id: [1, 7, 8] },
    });
    assert.deepEqual(known(seeded.data), [COMMENTS[0], COMMENTS[6]]);
    assert.equal(seeded.total, 2);
  });

  it('create: the stored row, with what the server filled in', async () => {
    const data = await make('Buy milk', { priority: 'High', date: '2028-02-29' });
    assert.deepEqual(data, await server.read(`/cards/${data.id}`));
    const { id, created_at: created, updated_at: updated, ...rest } = data;
    assert.ok(id > 48);
    assert.equal(created, updated);
    assert.deepEqual(rest, {
      title: 'Buy milk',
      description: null,
      status: 'To Do',
      priority: 'High',
      date: '2028-02-29',
      user_id: ann.id,
      version: 1,
    });
  });

  it('update: the whole record goes back, with everything that clients cannot set', async () => {
    const before = await make('First thought', { description: 'kept', date: '2028-01-01' });
    const { data } = await ann.api.update('cards', {
      id: before.id,
      data: { ...before, title: 'Second thought', date: null },
      previousData: before,
    });
    assert.deepEqual(data, await server.read(`/cards/${before.id}`));
    const { updated_at: updated, ...rest } = data;
    const { updated_at: was, ...expected } = before;
    assert.ok(updated >= was);
    assert.deepEqual(rest, { ...expected, title: 'Second thought', date: null, version: 2 });
  });

  it('updateMany: what it names changes in every row, and nothing else', async () => {
    const cards = [await make('A', { description: 'of A' }), await make('B', { priority: 'Low' })];
    const ids = cards.map(card => card.id);
    const { data } = await ann.api.updateMany('cards', { ids, data: { status: 'Testing' } });
    assert.deepEqual(data, ids);
    for (const card of cards) {
      const { updated_at: _, ...stored } = await server.read(`/cards/${card.id}`);
      const { updated_at: __, ...expected } = card;
      assert.deepEqual(stored, { ...expected, status: 'Testing', version: 2 });
    }
  });

  it('updateMany: refused where PUT replaces, and nothing is lost', async () => {
    const card = await make('Commented');
    const { data: comment } = await ann.api.create('comments', { data: { message: 'Stays', card_id: card.id } });
    const error = await failure(ann.api.updateMany('comments', { ids: [comment.id], data: { message: 'Alone' } }));
    assert.equal(error.status, 422);
    assert.deepEqual(Object.keys(error.body.errors), ['card_id']);
    assert.deepEqual(await server.read(`/comments/${comment.id}`), comment);
  });

  it('delete: answers the row and it is gone', async () => {
    const card = await make('Short-lived');
    const { data } = await ann.api.delete('cards', { id: card.id, previousData: card });
    assert.deepEqual(data, card);
    assert.equal((await server.get(`/cards/${card.id}`)).status, 404);
  });

  it('deleteMany: answers the ids and they are gone', async () => {
    const ids = [(await make('One')).id, (await make('Two')).id];
    const kept = await make('Three');
    assert.deepEqual((await ann.api.deleteMany('cards', { ids })).data, ids);
    assert.deepEqual(await server.read(`/cards?id=in.(${[...ids, kept.id]})`), [kept]);
  });

  it('a body with mistakes: HttpError 422 that names each field', async () => {
    const count = await server.count('/cards');
    const error = await failure(ann.api.create('cards', { data: { title: '', status: 'Dne', colour: 1 } }));
    assert.equal(error.status, 422);
    assert.equal(error.message, error.body.message);
    assert.equal(error.body.code, '23514');
    assert.deepEqual(error.body.errors, {
      colour: 'is not a field of cards',
      status: 'must be one of `To Do`, `Ongoing`, `Testing`, `Done`',
      title: 'must have 1 to 100 characters',
    });
    assert.equal(await server.count('/cards'), count);
  });

  it('a reference to nothing: HttpError 409 that names the field', async () => {
    const error = await failure(ann.api.create('comments', { data: { message: 'Hello?', card_id: 999999 } }));
    assert.equal(error.status, 409);
    assert.equal(error.body.code, '23503');
    assert.deepEqual(Object.keys(error.body.errors), ['card_id']);
  });

  it('without a token, or with a wrong one: HttpError 401, which signs the user out', async () => {
    const none = await failure(anybody.create('cards', { data: { title: 'Mine' } }));
    assert.deepEqual([none.status, none.body.code, none.message], [401, 'PGRST302', none.body.detail]);
    const wrong = signedIn(provider, server.url, () => 'not.a.token');
    for (const call of [() => wrong.getOne('cards', { id: 1 }), () => wrong.delete('cards', { id: 1 })]) {
      const error = await failure(call());
      assert.deepEqual([error.status, error.body.code], [401, 'PGRST301']);
    }
  });

  it("a row that is not there, or is somebody else's: HttpError 404", async () => {
    const card = await make("Ann's");
    for (const call of [
      () => anybody.getOne('cards', { id: 999999 }),
      () => bob.api.update('cards', { id: card.id, data: { ...card, title: "Bob's" }, previousData: card }),
      () => bob.api.updateMany('cards', { ids: [card.id], data: { status: 'Done' } }),
      () => bob.api.delete('cards', { id: card.id, previousData: card }),
    ]) {
      const error = await failure(call());
      assert.deepEqual([error.status, error.body.code], [404, 'PGRST116']);
      assert.equal(error.message, 'there is no such row');
    }
    assert.deepEqual(await server.read(`/cards/${card.id}`), card);
  });

  it('a column that is not there: HttpError 400 with the nearest name', async () => {
    for (const list of [
      { pagination: page(1, 10), sort: by('id', 'ASC'), filter: { titel: 'x' } },
      { pagination: page(1, 10), sort: by('titel', 'ASC'), filter: {} },
    ]) {
      const error = await failure(anybody.getList('cards', list));
      assert.equal(error.status, 400);
      assert.match(error.message, /titel/);
      assert.match(error.body.hint, /`title`/);
    }
  });

  it('a password is not there for any client', async () => {
    const { data, total } = await ann.api.getList('users', {
      pagination: page(1, 10),
      sort: by('id', 'ASC'),
      filter: {},
    });
    assert.deepEqual(data, [{ id: ann.id, name: 'Ann', email: data[0].email, is_admin: false }]);
    assert.equal(total, 1);
    const list = { pagination: page(1, 10), sort: by('password', 'ASC'), filter: {} };
    assert.equal((await failure(ann.api.getList('users', list))).status, 400);
  });
}

/** The error that a call of react-admin's fails with. */
async function failure(call) {
  const error = await call.then(
    answer => assert.fail(`it answered ${JSON.stringify(answer)}`),
    error => error,
  );
  assert.ok(error instanceof HttpError, `${error}`);
  return error;
}
