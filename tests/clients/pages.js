// The packages as they run in the end: in a page of another origin.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { fetchOfAPage } from './browser.js';
import { CARDS, known } from './seeds.js';
import { signedIn } from './setup.js';

export function inAPage(server, provider) {
  const { fetch } = globalThis;
  let api;

  before(async () => {
    const ann = await server.register('Ann');
    api = signedIn(provider, server.url, () => ann.token);
    globalThis.fetch = fetchOfAPage(fetch);
  });
  after(() => {
    globalThis.fetch = fetch;
  });

  it('reads rows and totals', async () => {
    const { data, total } = await api.getList('cards', {
      pagination: { page: 1, perPage: 3 },
      sort: { field: 'id', order: 'ASC' },
      filter: { user_id: 2 },
    });
    assert.deepEqual(known(data), CARDS.filter(card => card.user_id === 2).slice(0, 3));
    assert.equal(total, 10);
  });

  it('makes, changes and deletes', async () => {
    const { data: card } = await api.create('cards', { data: { title: 'From a page' } });
    const changed = await api.update('cards', { id: card.id, data: { ...card, title: 'Again' }, previousData: card });
    assert.equal(changed.data.title, 'Again');
    assert.deepEqual((await api.updateMany('cards', { ids: [card.id], data: { status: 'Done' } })).data, [card.id]);
    assert.deepEqual((await api.deleteMany('cards', { ids: [card.id] })).data, [card.id]);
  });

  it('reads what was wrong', async () => {
    const error = await api.create('cards', { data: {} }).catch(error => error);
    assert.deepEqual([error.status, Object.keys(error.body.errors)], [422, ['title']]);
  });
}
