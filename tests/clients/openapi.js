// What the server says of itself, before published validators, and the page that shows it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv2020 from 'ajv/dist/2020.js';

export function openapi(server) {
  const describe = () => server.read('/openapi.json');

  test('the document is one of OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(await describe());
    assert.ok(valid, JSON.stringify(errors, null, 2));
    assert.equal(validator.version, '3.1');
  });

  test('its schemas are JSON Schemas, which rows satisfy', async () => {
    const document = await describe();
    // Formats of numbers and passwords are OpenAPI's own, and say nothing to JSON Schema.
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ ...document, $id: 'api' });
    const { token } = await server.register('Reader');
    for (const [path, name, filter] of [
      ['/cards', 'Card', ''],
      ['/cards', 'Card', '?select=*,user(*),comments(*)&limit=5'],
      ['/comments', 'Comment', ''],
      ['/users', 'User', ''],
    ]) {
      const rows = await (await server.get(path + filter, { authorization: `Bearer ${token}` })).json();
      const fits = ajv.compile({ $ref: `api#/components/schemas/${name}` });
      assert.ok(rows.length > 0 && rows.every(row => fits(row)), `${path}${filter}: ${JSON.stringify(fits.errors)}`);
    }
    for (const name of Object.keys(document.components.schemas)) ajv.compile({ $ref: `api#/components/schemas/${name}` });
  });

  test('the page is there with all that it loads, and loads nothing from elsewhere', async () => {
    const page = await server.get('/docs');
    assert.equal(page.status, 200);
    const policy = page.headers.get('content-security-policy');
    assert.match(policy, /^default-src 'none';/);
    assert.doesNotMatch(policy, /https?:|\*/);
    const references = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, reference]) => reference);
    const loaded = references.filter(reference => !reference.startsWith('data:'));
    assert.equal(loaded.length, 3);
    for (const reference of loaded) {
      const url = new URL(reference, page.url);
      assert.equal(url.origin, new URL(server.url).origin);
      assert.equal((await fetch(url)).status, 200, reference);
    }
    assert.equal(new URL('openapi.json', page.url).pathname, '/openapi.json');
  });
}
