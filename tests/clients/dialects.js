// What only one of react-admin's two packages does.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fetchUtils } from 'ra-core';
import jsonServerProvider from 'ra-data-json-server';
import simpleRestProvider from 'ra-data-simple-rest';

import { CARDS, known } from './seeds.js';

const FIRST = { pagination: { page: 1, perPage: 10 }, sort: { field: 'id', order: 'ASC' }, filter: { user_id: 2 } };
const theirs = CARDS.filter(card => card.user_id === 2);

/** An `httpClient` that keeps what was asked and answered. */
function spy(seen) {
  return async (url, options) => {
    const answer = await fetchUtils.fetchJson(url, options);
    seen.push({ url: new URL(url), headers: options?.headers, answer });
    return answer;
  };
}

export function simpleRest(server) {
  it('sends a Range in a unit of its own, which does not change the page', async () => {
    const seen = [];
    const { data, total } = await simpleRestProvider(server.url, spy(seen)).getList('cards', FIRST);
    assert.equal(seen[0].headers.get('range'), 'cards=0-9');
    assert.equal(seen[0].answer.status, 200);
    assert.equal(seen[0].answer.headers.get('content-range'), '0-9/10');
    assert.deepEqual(known(data), theirs);
    assert.equal(total, 10);
  });

  it('takes the total from another header where it is told to', async () => {
    const { data, total } = await simpleRestProvider(server.url, undefined, 'X-Total-Count').getList('cards', FIRST);
    assert.deepEqual(known(data), theirs);
    assert.equal(total, 10);
  });

  it('lists without any parameters: ten rows by id', async () => {
    const { data } = await simpleRestProvider(server.url).getList('cards', {});
    assert.deepEqual(known(data), CARDS.slice(0, 10));
  });

  it('getMany of nothing is nothing', async () => {
    assert.deepEqual((await simpleRestProvider(server.url).getMany('cards', { ids: [] })).data, []);
  });

  it('a filter by null finds the rows without a value', async () => {
    const list = { ...FIRST, filter: { user_id: 2, description: null } };
    const { data } = await simpleRestProvider(server.url).getList('cards', list);
    assert.deepEqual(known(data), theirs.filter(card => card.id % 3 !== 1));
  });

  it('a text that looks like an operator is a text', async () => {
    const list = { ...FIRST, filter: { title: 'eq.Sketch the landing page for the shop' } };
    assert.deepEqual(await simpleRestProvider(server.url).getList('cards', list), { data: [], total: 0 });
  });
}

export function jsonServer(server) {
  it('takes the total from X-Total-Count', async () => {
    const seen = [];
    const { total } = await jsonServerProvider(server.url, spy(seen)).getList('cards', FIRST);
    assert.deepEqual(
      ['_start', '_end', '_sort', '_order'].map(name => seen[0].url.searchParams.get(name)),
      ['0', '10', 'id', 'ASC'],
    );
    assert.equal(seen[0].answer.headers.get('x-total-count'), '10');
    assert.equal(total, 10);
  });

  it('asks for several rows by a repeated id', async () => {
    const seen = [];
    const { data } = await jsonServerProvider(server.url, spy(seen)).getMany('cards', { ids: [4, 2] });
    assert.equal(seen[0].url.search, '?id=4&id=2');
    assert.deepEqual(known(data), [CARDS[1], CARDS[3]]);
  });

  it('finds a part of a text by _like, and what differs by _ne', async () => {
    const list = { ...FIRST, filter: { title_like: 'PHOTO', status_ne: 'Ongoing', date_lte: '2027-01-01' } };
    const { data } = await jsonServerProvider(server.url).getList('cards', list);
    // The ninth task of each of the four places, whose statuses are the same: 8, 20, 32 and 44 are multiples of 4.
    assert.deepEqual(known(data), [CARDS[8], CARDS[20], CARDS[32], CARDS[44]]);
    assert.ok(data.every(card => card.title.startsWith('Back up the photo archive')));
  });
}
