import test from 'ava';
import {parseTarget, placeOf, type Target} from '../../source/connect/target.js';
import {UsageError} from '../../source/usage-error.js';

const ssh = (name: string, host: string, port = 22, user?: string): Target => ({
	kind: 'ssh', user, host, port, name,
});

const targets: readonly Target[] = [
	ssh('203.0.113.7', '203.0.113.7'),
	ssh('root@203.0.113.7', '203.0.113.7', 22, 'root'),
	ssh('root@203.0.113.7:2222', '203.0.113.7', 2222, 'root'),
	ssh('[2001:db8::7]:2222', '2001:db8::7', 2222),
	ssh('[2001:db8::7]', '2001:db8::7'),
	ssh('ada@2001:db8::7', '2001:db8::7', 22, 'ada'),
	ssh('blog.example.org', 'blog.example.org'),
	ssh('localhost:22022', 'localhost', 22_022),
	ssh('a-b.c1:22', 'a-b.c1'),
	{kind: 'practice', level: undefined, name: 'practice'},
	{kind: 'practice', level: 'systemd', name: 'practice:systemd'},
];
for (const target of targets) {
	test(`a server named ${target.name}`, t => {
		t.deepEqual(parseTarget(target.name), target);
	});
}

const notTargets = ['', 'root@', '@host', 'a b', 'http://x', 'host:0', 'host:65536', 'host:abc', 'host:', '256.1.1.1', '1.2.3', '[::1', '[zz]:22', '-oProxyCommand=x', 'ro;ot@host', 'host;reboot', 'a..b', '$(reboot)', '1.2.3.4.5'];
for (const text of notTargets) {
	test(`not a server: ${JSON.stringify(text)}`, t => {
		const error = t.throws(() => parseTarget(text), {instanceOf: UsageError});
		t.regex(error.message, /for example/);
		t.is(error.message.split('\n').length, 1);
	});
}

test('four numbers that are none of an address are told what they may be', t => {
	t.throws(() => parseTarget('256.300.1.1'), {message: /has four numbers from 0 to 255, for example/});
});

test('an address and port in one spelling', t => {
	t.is(placeOf('Blog.Example', 22), 'blog.example:22');
	t.is(placeOf('2001:db8::7', 22), '[2001:db8::7]:22');
});
