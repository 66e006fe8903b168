import {mkdtemp} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {
	judgeIdentity, judgeKey, openKnownHosts, type IdentityVerdict, type KeyVerdict, type KnownHost,
} from '../../source/record/known-hosts.js';

const blog: KnownHost = {
	place: '203.0.113.7:22', record: 'aaaa', id: 'aaaa', keys: ['SHA256:blog-ed', 'SHA256:blog-rsa'],
};
const shop: KnownHost = {
	place: '203.0.113.8:22', record: 'bbbb', id: 'bbbb', keys: ['SHA256:shop-ed'],
};
const looked: KnownHost = {
	place: '203.0.113.9:22', record: undefined, id: undefined, keys: ['SHA256:looked-ed'],
};
const seen = [blog, shop, looked];

const keyCases: ReadonlyArray<readonly [what: string, place: string, key: string, expected: string | undefined, verdict: KeyVerdict]> = [
	['a server never seen', '203.0.113.1:22', 'SHA256:new', undefined, {verdict: 'unknown'}],
	['the same server', blog.place, 'SHA256:blog-ed', undefined, {verdict: 'known'}],
	['the same server with another of its keys', blog.place, 'SHA256:blog-rsa', undefined, {verdict: 'known'}],
	['another key at a known address', blog.place, 'SHA256:new', undefined, {verdict: 'changed', before: blog.keys}],
	['the key of another server at a known address', blog.place, 'SHA256:shop-ed', undefined, {verdict: 'changed', before: blog.keys}],
	['a known server at a new address', '203.0.113.1:22', 'SHA256:shop-ed', undefined, {verdict: 'moved', from: shop.place}],
	['a server that was only looked at', looked.place, 'SHA256:looked-ed', undefined, {verdict: 'known'}],
	['--host-key, and it is the one', blog.place, 'SHA256:new', 'SHA256:new', {verdict: 'expected'}],
	['--host-key, and it is another, though known', blog.place, 'SHA256:blog-ed', 'SHA256:new', {verdict: 'differs', expected: 'SHA256:new'}],
	['another port is another place', '203.0.113.7:2222', 'SHA256:new', undefined, {verdict: 'unknown'}],
];
for (const [what, place, key, expected, verdict] of keyCases) {
	test(`host key: ${what}`, t => {
		t.deepEqual(judgeKey(seen, place, key, expected), verdict);
	});
}

test('the latest sighting of an address counts', t => {
	const rebuilt = {...blog, record: 'cccc', keys: ['SHA256:rebuilt']};
	t.deepEqual(judgeKey([...seen, rebuilt], blog.place, 'SHA256:rebuilt', undefined), {verdict: 'known'});
	t.deepEqual(judgeKey([...seen, rebuilt], blog.place, 'SHA256:blog-ed', undefined), {verdict: 'changed', before: ['SHA256:rebuilt']});
});

const identityCases: ReadonlyArray<readonly [what: string, id: string | undefined, keys: readonly string[], verdict: IdentityVerdict]> = [
	['never seen, no id', undefined, ['SHA256:new'], {verdict: 'new', record: undefined}],
	['never seen here, but it carries an id', 'dddd', ['SHA256:new'], {verdict: 'new', record: 'dddd'}],
	['known id, known keys', 'aaaa', ['SHA256:blog-rsa'], {verdict: 'same', record: 'aaaa'}],
	['known id, new keys: a restored snapshot', 'aaaa', ['SHA256:newkey12345'], {verdict: 'restored', record: 'aaaa', otherwise: 'aaaa-newkey12'}],
	['known keys, another id: a copy', 'dddd', ['SHA256:blog-ed'], {verdict: 'copy', record: 'dddd', of: blog.place}],
	['known keys, no id: rebuilt from an image', undefined, ['SHA256:blog-ed'], {verdict: 'copy', record: undefined, of: blog.place}],
	['looked at before, then given an id', undefined, ['SHA256:looked-ed'], {verdict: 'new', record: undefined}],
	['the id of one, the keys of another', 'aaaa', ['SHA256:shop-ed'], {verdict: 'restored', record: 'aaaa', otherwise: 'aaaa-shoped'}],
];
for (const [what, id, keys, verdict] of identityCases) {
	test(`identity: ${what}`, t => {
		t.deepEqual(judgeIdentity(seen, id, keys), verdict);
	});
}

test('a second server from one snapshot finds its own record the next time', t => {
	const copy: KnownHost = {
		place: '203.0.113.20:22', record: 'aaaa-newkey12', id: 'aaaa', keys: ['SHA256:newkey12345'],
	};
	t.deepEqual(judgeIdentity([...seen, copy], 'aaaa', ['SHA256:newkey12345']), {verdict: 'same', record: 'aaaa-newkey12'});
	t.deepEqual(judgeIdentity([...seen, copy], 'aaaa', ['SHA256:blog-ed']), {verdict: 'same', record: 'aaaa'});
});

test('sightings are kept, and the same one is not written twice', async t => {
	const folder = await mkdtemp(path.join(tmpdir(), 'dropwise-keys-'));
	const knownHosts = await openKnownHosts(folder);
	await knownHosts.add(blog);
	await knownHosts.add(blog);
	await knownHosts.add(looked);
	const again = await openKnownHosts(folder);
	t.deepEqual(again.all(), [blog, looked]);
	t.deepEqual(again.at(blog.place), blog);
});
