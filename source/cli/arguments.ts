import {parseArgs} from 'node:util';
import {UsageError} from '../usage-error.js';
import {meant} from '../did-you-mean.js';
import type {Options} from '../run/app.js';
import type {Batch} from '../run/batch.js';
import {parseTarget, type PracticeTarget, type Target} from '../connect/target.js';

/** What the words after `dropwise` ask for. */
export type Invocation =
	| Batch
	| {readonly do: 'help' | 'version'}
	| {readonly do: 'wizard'; readonly target: Target | undefined; readonly options: Options}
	| {readonly do: 'prompt'; readonly target: PracticeTarget; readonly options: Options};

const valued: Readonly<Record<string, string>> = {
	identity: 'the file of a private key, for example -i ~/.ssh/id_ed25519',
	'password-file': 'a file with the password in its first line, or - for standard input, for example --password-file ~/password',
	'sudo-password-file': 'a file with the password in its first line, or - for standard input, for example --sudo-password-file ~/password',
	'passphrase-file': 'a file with the passphrase in its first line, or - for standard input, for example --passphrase-file ~/passphrase',
	'host-key': 'a fingerprint as ssh-keygen -l prints it, for example --host-key SHA256:Vo0…',
	answers: 'a JSON file, for example --answers answers.json',
	steps: 'steps with commas between them, for example --steps admin-user,firewall',
	'state-dir': 'a folder, for example --state-dir ~/dropwise',
};
const switches = ['yes', 'plain', 'json', 'strict', 'no-color', 'version', 'help'];
const batch = ['check', 'plan', 'apply', 'undo'] as const;

const readOptions = (words: readonly string[]): {positionals: string[]; values: Map<string, string | true>} => {
	const {tokens} = parseArgs({
		args: [...words],
		strict: false,
		allowPositionals: true,
		tokens: true,
		options: {
			...Object.fromEntries(Object.keys(valued).map(name => [name, {type: 'string'} as const])),
			...Object.fromEntries(switches.map(name => [name, {type: 'boolean'} as const])),
			identity: {type: 'string', short: 'i'},
			help: {type: 'boolean', short: 'h'},
		},
	});
	const values = new Map<string, string | true>();
	const positionals: string[] = [];
	for (const token of tokens) {
		if (token.kind === 'positional') {
			positionals.push(token.value);
		} else if (token.kind === 'option') {
			const expected = valued[token.name];
			if (expected === undefined && !switches.includes(token.name)) {
				throw new UsageError(`There is no option ${token.rawName}.${meant(token.rawName, [...Object.keys(valued), ...switches].map(name => `--${name}`))} dropwise --help lists them.`);
			}

			if (expected !== undefined && (token.value === undefined || token.value === '' || (!token.inlineValue && token.value.startsWith('-') && token.value !== '-'))) {
				throw new UsageError(`${token.rawName} needs ${expected}.`);
			}

			if (expected === undefined && token.value !== undefined) {
				throw new UsageError(`${token.rawName} takes no value, and was given ${JSON.stringify(token.value)}.`);
			}

			values.set(token.name, token.value ?? true);
		}
	}

	return {positionals, values};
};

const gather = (values: ReadonlyMap<string, string | true>): Options => {
	const text = (name: string): string | undefined => values.get(name) as string | undefined;
	const hostKey = text('host-key');
	if (hostKey !== undefined && !/^SHA256:[A-Za-z\d+/]{43}=?$/.test(hostKey)) {
		throw new UsageError(`--host-key ${JSON.stringify(hostKey)} is not a fingerprint: expected SHA256: and 43 letters, as ssh-keygen -l prints it.`);
	}

	const piped = ['password-file', 'sudo-password-file', 'passphrase-file'].filter(name => text(name) === '-');
	if (piped.length > 1) {
		throw new UsageError(`Only one of --${piped.join(' and --')} can be -, because standard input is read once: put the other in a file.`);
	}

	const steps = text('steps')?.split(',').map(id => id.trim());
	return {
		...(text('identity') !== undefined && {identity: text('identity')!}),
		...(text('password-file') !== undefined && {passwordFile: text('password-file')!}),
		...(text('sudo-password-file') !== undefined && {sudoPasswordFile: text('sudo-password-file')!}),
		...(text('passphrase-file') !== undefined && {passphraseFile: text('passphrase-file')!}),
		...(hostKey !== undefined && {hostKey: hostKey.replace(/=$/, '')}),
		...(text('answers') !== undefined && {answers: text('answers')!}),
		...(steps && {steps}),
		...(text('state-dir') !== undefined && {stateDir: text('state-dir')!}),
		yes: values.has('yes'),
		plain: values.has('plain'),
		json: values.has('json'),
		strict: values.has('strict'),
	};
};

/** The practice droplet that somebody wants to type on: `practice`, `practice LEVEL` or `practice:LEVEL`. */
const promptOn = ([first = 'practice', ...rest]: readonly string[]): PracticeTarget => {
	const target = parseTarget(first === 'practice' && rest[0] !== undefined ? `practice:${rest[0]}` : first);
	if (target.kind !== 'practice') {
		throw new UsageError(`dropwise prompt is for the practice droplet, for example dropwise prompt practice debian-13. On a server of your own you log in with ssh, for example ssh root@${target.host}.`);
	}

	if (rest.length > (first === 'practice' ? 1 : 0)) {
		throw new UsageError(`${JSON.stringify(rest.at(-1))} is one word too many: expected dropwise prompt practice, or a droplet behind it, for example dropwise prompt practice debian-13.`);
	}

	return target;
};

/** Reads the words after `dropwise`. Throws a `UsageError` before anything is done. */
export const parseCommand = (words: readonly string[]): Invocation => {
	const {positionals, values} = readOptions(words);
	if (values.has('help')) {
		return {do: 'help'};
	}

	if (values.has('version')) {
		return {do: 'version'};
	}

	const options = gather(values);
	const [first, ...rest] = positionals;
	if (first === 'prompt' && !options.json) {
		return {do: 'prompt', target: promptOn(rest), options};
	}

	const doing = batch.find(name => name === first);
	if (doing === undefined) {
		if (options.json) {
			throw new UsageError('--json goes with check, plan, apply or undo, for example dropwise check practice --json.');
		}

		if (rest.length > (first === 'practice' ? 1 : 0)) {
			throw new UsageError(`${JSON.stringify(rest.at(first === 'practice' ? 1 : 0))} is one word too many.${meant(first!, [...batch, 'prompt'])} The wizard takes one server, for example dropwise root@203.0.113.7.`);
		}

		const target = first === undefined ? undefined : parseTarget(first === 'practice' && rest[0] !== undefined ? `practice:${rest[0]}` : first);
		return {do: 'wizard', target, options};
	}

	if (rest.length === 0) {
		throw new UsageError(`${doing} needs a server, for example dropwise ${doing} root@203.0.113.7${doing === 'undo' ? ' firewall' : ''}, or practice in place of an address.`);
	}

	if (doing !== 'undo') {
		return {
			do: doing, targets: rest.map(text => parseTarget(text)), step: undefined, options,
		};
	}

	if (rest.length !== 2) {
		throw new UsageError(`undo needs one server and one step and was given ${rest.length === 1 ? 'only ' : ''}${rest.join(' ')}, for example dropwise undo 203.0.113.7 firewall.`);
	}

	return {
		do: 'undo', targets: [parseTarget(rest[0]!)], step: rest[1]!, options,
	};
};
