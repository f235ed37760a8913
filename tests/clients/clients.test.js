// Every client on every database, and what the server says of itself.
import { describe } from 'node:test';
import jsonServerProvider from 'ra-data-json-server';
import simpleRestProvider from 'ra-data-simple-rest';

import { jsonServer, simpleRest } from './dialects.js';
import { openapi } from './openapi.js';
import { inAPage } from './pages.js';
import { reactAdmin } from './react-admin.js';
import { refine } from './refine.js';
import { servers } from './server.js';

for (const server of servers) {
  describe(server.database, () => {
    describe('ra-data-simple-rest', () => {
      reactAdmin(server, simpleRestProvider);
      simpleRest(server);
      describe('in a page of another origin', () => inAPage(server, simpleRestProvider));
    });
    describe('ra-data-json-server', () => {
      reactAdmin(server, jsonServerProvider);
      jsonServer(server);
      describe('in a page of another origin', () => inAPage(server, jsonServerProvider));
    });
    describe('@refinedev/simple-rest', () => refine(server));
    describe('what the server says of itself', () => openapi(server));
  });
}
