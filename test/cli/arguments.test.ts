import test from 'ava';
import {parseCommand, type Invocation} from '../../source/cli/arguments.js';
import {UsageError} from '../../source/usage-error.js';

const parsed: ReadonlyArray<readonly [words: string, expected: {readonly do: Invocation['do']; readonly names?: readonly string[]; readonly step?: string}]> = [
	['', {do: 'wizard'}],
	['--plain', {do: 'wizard'}],
	['203.0.113.7', {do: 'wizard', names: ['203.0.113.7']}],
	['practice', {do: 'wizard', names: ['practice']}],
	['practice systemd', {do: 'wizard', names: ['practice:systemd']}],
	['prompt', {do: 'prompt', names: ['practice']}],
	['prompt practice debian-13', {do: 'prompt', names: ['practice:debian-13']}],
	['prompt practice:systemd', {do: 'prompt', names: ['practice:systemd']}],
	['check practice', {do: 'check', names: ['practice']}],
	['check a b root@c:1', {do: 'check', names: ['a', 'b', 'root@c:1']}],
	['plan a --json', {do: 'plan', names: ['a']}],
	['apply a --yes --steps firewall', {do: 'apply', names: ['a']}],
	['undo a firewall', {do: 'undo', names: ['a'], step: 'firewall'}],
	['--help', {do: 'help'}],
	['-h', {do: 'help'}],
	['check --version', {do: 'version'}],
];
for (const [words, expected] of parsed) {
	test(`understood: dropwise ${words}`, t => {
		const command = parseCommand(words.split(' ').filter(Boolean));
		t.is(command.do, expected.do);
		if ('targets' in command) {
			t.deepEqual(command.targets.map(({name}) => name), expected.names);
			t.is(command.step, expected.step);
		} else if ('target' in command) {
			t.is(command.target?.name, expected.names?.[0]);
		}
	});
}

const key = `SHA256:${'a'.repeat(43)}`;

test('options', t => {
	const command = parseCommand(['apply', 'a', '-i', '~/k', '--password-file', '-', '--host-key', key, '--answers=a.json', '--steps', 'firewall, admin-user', '--yes', '--strict', '--state-dir', 'd']);
	t.deepEqual((command as {options: unknown}).options, {
		identity: '~/k', passwordFile: '-', hostKey: key, answers: 'a.json', steps: ['firewall', 'admin-user'], stateDir: 'd', yes: true, plain: false, json: false, strict: true,
	});
});

const refused: ReadonlyArray<readonly [words: readonly string[], message: RegExp]> = [
	[['--anwers', 'x'], /^There is no option --anwers\. Did you mean --answers\?/],
	[['-x'], /^There is no option -x\./],
	[['--steps'], /^--steps needs steps with commas/],
	[['--state-dir', '--yes'], /^--state-dir needs a folder/],
	[['--yes=1'], /^--yes takes no value/],
	[['check'], /^check needs a server, for example/],
	[['undo', 'a'], /^undo needs one server and one step and was given only a, for example/],
	[['undo', 'a', 'b', 'c'], /^undo needs one server and one step and was given a b c/],
	[['a', 'b'], /^"b" is one word too many\./],
	[['chek', 'a'], /Did you mean check\?/],
	[['practice', 'a', 'b'], /^"b" is one word too many/],
	[['prompt', '203.0.113.7'], /^dropwise prompt is for the practice droplet, [\s\S]*ssh root@203\.0\.113\.7\.$/],
	[['prompt', 'practice', 'a', 'b'], /^"b" is one word too many/],
	[['a', '--json'], /^--json goes with check/],
	[['check', 'a', '--host-key', 'MD5:aa:bb'], /^--host-key "MD5:aa:bb" is not a fingerprint/],
	[['apply', 'a', '--password-file', '-', '--passphrase-file', '-'], /^Only one of --password-file and --passphrase-file can be -/],
	[['check', 'a b'], /^"a b" is not a server's address/],
];
for (const [words, message] of refused) {
	test(`refused: dropwise ${words.join(' ')}`, t => {
		const error = t.throws(() => parseCommand(words), {instanceOf: UsageError, message});
		t.is(error.message.split('\n').length, 1);
		t.notRegex(error.message, /!|please|just |simply/i);
	});
}
