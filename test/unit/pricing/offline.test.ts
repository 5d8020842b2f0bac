// Prices need no network: with every way out stubbed to throw, all of it works.
import assert from 'node:assert/strict';
import dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { PriceBook } from '../../../src/pricing/priceBook';
import { successorOf, tierOf } from '../../../src/pricing/tiers';
import { knownIds, noonMs } from './knownIds';

type Members = Record<string, unknown>;

describe('prices without a network', () => {
  const ways: readonly (readonly [Members, readonly string[]])[] = [
    [http, ['request', 'get']],
    [https, ['request', 'get']],
    [net, ['connect', 'createConnection']],
    [dns, ['lookup', 'resolve']],
    [globalThis, ['fetch', 'XMLHttpRequest', 'WebSocket']],
  ];
  const kept: (() => void)[] = [];

  before(() => {
    for (const [owner, names] of ways)
      for (const name of names) {
        const before = Object.getOwnPropertyDescriptor(owner, name);
        const fail = (): never => {
          throw new Error(`no network: ${name}`);
        };
        Object.defineProperty(owner, name, { value: fail, configurable: true, writable: true });
        kept.push(() => {
          if (before) Object.defineProperty(owner, name, before);
          else delete owner[name];
        });
      }
  });

  after(() => kept.forEach((restore) => restore()));

  it('prices, tiers and limits every known id', () => {
    assert.throws(() => fetch('https://example.com'));
    const book = new PriceBook();
    for (const id of Object.keys(knownIds)) {
      assert.equal(book.rates(id, noonMs).status, 'exact');
      assert.ok(tierOf(id));
      successorOf(id);
      book.limits(id);
    }
  });
});
