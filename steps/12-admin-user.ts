import {userInfo} from 'node:os';
import {z} from 'zod';
import {account, sudoOf} from '../source/facts/accounts.js';
import {file, permissions, type Permissions} from '../source/facts/files.js';
import {holdsKey, keyList, notTried} from '../source/facts/key-list.js';
import {installed} from '../source/facts/packages.js';
import {
	defineStep,
	type Claim,
	type FreeAction,
	type Reading,
} from '../source/step.js';

const validName = /^[a-z][a-z\d_-]{0,31}$/;
const reserved = new Set(['root', 'daemon', 'bin', 'sys', 'sync', 'games', 'man', 'lp', 'mail', 'news', 'uucp', 'proxy', 'backup', 'list', 'irc', 'nobody', 'sshd', 'admin', 'sudo']);

const ownName = (): string => {
	const {username} = userInfo();
	return validName.test(username) && !reserved.has(username) ? username : 'ada';
};

/** The files that useradd and userdel edit. */
const accountFiles = ['/etc/passwd', '/etc/shadow', '/etc/group', '/etc/gshadow', '/etc/subuid', '/etc/subgid'];
/** sshd ignores keys in places that others could write to (StrictModes). */
const writableByOthers = (mode: number): boolean => (mode & 0o022) !== 0;
const octal = (mode: number): string => mode.toString(8);

/** What makes sshd distrust the path to the key; owner and mode that would do. */
const distrusted = (name: string, found: readonly Permissions[]): readonly Permissions[] =>
	found.filter(({owner, mode}) => ![name, 'root'].includes(owner.split(':')[0]!) || writableByOthers(mode));

const inHome = (home: string) => ({
	keys: file(keyList(home)),
	// sshd looks no further up than the home.
	modes: permissions([home, `${home}/.ssh`, keyList(home)]),
});

export default defineStep({
	id: 'admin-user',
	title: 'Your own user',
	phase: 'Harden',
	why: 'Day and night programs try to log in to every server as root, the user who may do everything, and guess passwords. Here you get a user of your own, and a key in place of a password: two files that belong together, one for the server, and one that stays on your computer and proves that you are you. Nobody can guess it.',
	lesson: `Somebody switched off root's log-in first and made their own user second. The new user's key stood in a file that others could write to, so SSH ignored it, and the server was shut for good.

So the order is: make the user, give it your key, and try the key while the old way in still works. That is what this step does.

A password for sudo would protect nothing more here: your user has none, so whoever is to become root needs your key first. Should the key get lost, your provider's console (a screen and keyboard for your server, in the browser) still lets you in.

How to see it:  ssh YOU@SERVER, then  sudo true
If SSH ignores your key:  ls -ld ~ ~/.ssh ~/.ssh/authorized_keys  shows who may write there. Only you should.
The way back:  root's log-in is not touched here.`,
	minutes: 1,
	guarded: false,
	provides: {admin: ({name}) => name},
	asks: {
		name: {
			question: 'What should your own user be called?',
			explain: 'Lower-case letters, digits, - and _. You log in with this name from now on.',
			example: 'ada',
			schema: z.string().regex(validName, 'a name of lower-case letters, digits, - or _, beginning with a letter, such as ada').refine(name => !reserved.has(name), 'a name that the system does not use itself, such as ada'),
			default: ownName,
		},
		identity: {
			question: 'Which key should open the door?',
			explain: 'A key pair is two files: the public half goes to the server, the private half stays with you and proves that you are you.',
			from: 'key-in-hand',
			schema: z.string().min(1, 'the path of a private key such as ~/.ssh/id_ed25519, or agent'),
			default: () => undefined,
		},
	},

	look: ({answers: {name}}) => ({
		user: account(name),
		sudo: sudoOf(name),
		sudoInstalled: installed('sudo'),
		sudoers: file(`/etc/sudoers.d/dropwise-${name}`),
		group: {
			argv: ['id', '-gn', name] as const,
			parse: ({code, out}: Reading) => (code === 0 ? out.trim() : name),
		},
	}),
	likely: ({answers: {name}}) => inHome(`/home/${name}`),
	lookDeeper: ({user}, {answers: {name}}) => inHome(user?.home ?? `/home/${name}`),

	packages: ({sudoInstalled}) => (sudoInstalled ? [] : ['sudo']),

	plan({user, sudo, sudoers, group, keys, modes}, {answers: {name}, key}) {
		const home = user?.home ?? `/home/${name}`;
		const owner = `${name}:${group}`;
		const mayDoAll = `# Written by dropwise: ${name} may do everything, as root, with sudo.\n${name} ALL=(ALL:ALL) NOPASSWD: ALL\n`;
		const actions: FreeAction[] = [];
		if (!user) {
			actions.push({
				do: 'run',
				because: `makes the user ${name}, with a home folder and without a password`,
				argv: ['useradd', '--create-home', '--shell', '/bin/bash', name],
				touches: accountFiles,
				// Forced: what runs under their name for seconds after they left must not stop it. The home is set aside rather than deleted: something may have been put there since.
				undo: [['userdel', '--force', name], ['mv', '--no-target-directory', '--backup=numbered', home, `/var/lib/dropwise/kept/home-of-${name}`]],
			});
		}

		if (sudo !== 'without-password' && (sudoers.content !== mayDoAll || sudoers.mode !== 0o440)) {
			actions.push({
				do: 'write',
				because: `lets ${name} become root with sudo, without a password (NOPASSWD): ${name} has none, your key is what protects both`,
				file: sudoers,
				content: mayDoAll,
				mode: 0o440,
				owner: 'root:root',
			});
		}

		if (!modes.some(one => one.path === `${home}/.ssh`)) {
			actions.push({
				do: 'run',
				because: 'makes the folder in which SSH looks for keys',
				argv: ['install', '-d', '-m', '700', '-o', name, '-g', group, `${home}/.ssh`],
				undo: [['rmdir', `${home}/.ssh`]],
			});
		}

		for (const {path: which, mode, owner: was} of distrusted(name, modes)) {
			if (writableByOthers(mode)) {
				actions.push({
					do: 'run', because: `others could write to ${which}, so SSH would ignore the key in it`, argv: ['chmod', 'go-w', which], undo: [['chmod', octal(mode), which]],
				});
			}

			// Not before the user is there: what an earlier one of that number left behind may be theirs then.
			if (user && ![name, 'root'].includes(was.split(':')[0]!)) {
				actions.push({
					do: 'run', because: `${which} belongs to somebody else, so SSH would ignore the key in it`, argv: ['chown', owner, which], undo: [['chown', was, which]],
				});
			}
		}

		if (key && !holdsKey(keys, key)) {
			const before = keys.content ?? '';
			actions.push({
				do: 'write',
				because: 'puts the public half of your key on the list of keys that open the door',
				file: keys,
				content: `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${key.publicKey} ${name}\n`,
				mode: 0o600,
				owner,
			});
		}

		return actions;
	},

	verify({user, sudo, keys, modes}, {answers: {name}, key}) {
		const wrong = distrusted(name, modes);
		const claims: Claim[] = [
			{
				id: 'user', says: `the user ${name} exists`, holds: user !== undefined, expected: name, actual: user?.name ?? 'no such user',
			},
			{
				id: 'sudo', says: `${name} can become root`, holds: sudo === 'without-password', expected: 'sudo without a password', actual: {
					'no-sudo': 'sudo is not installed', nothing: `sudo allows ${name} nothing`, 'with-password': 'sudo asks for a password', 'without-password': 'sudo without a password',
				}[sudo],
			},
			{
				id: 'key', says: `your key is on ${name}'s list`, holds: key !== undefined && holdsKey(keys, key), expected: key?.fingerprint ?? 'a key pair of yours', actual: key === undefined ? 'no key pair known yet' : holdsKey(keys, key) ? key.fingerprint : keys.content === undefined ? 'there is no list' : 'not on it',
			},
			{
				id: 'permissions', says: `nobody else can write to ${name}'s keys`, holds: wrong.length === 0, expected: `only ${name} may write`, actual: wrong.length === 0 ? `only ${name} may write` : wrong.map(one => `${one.path} is ${octal(one.mode)} ${one.owner}`).join(', '),
			},
		];
		return claims;
	},

	// After a few log-ins that failed, as those of a check with a broken key do, sshd (from OpenSSH 9.8 on) turns an address away for a quarter of a minute.
	settle: 25,
	async witness(outside, {user, keys}, {answers: {name}, key}) {
		const untried = notTried(name, user, keys, key);
		const {loggedIn, root, why} = untried === undefined ? await outside.logIn() : {loggedIn: false, root: false, why: untried};
		return [
			{
				id: 'log-in', says: `${name} can log in with your key`, holds: loggedIn, expected: 'in', actual: loggedIn ? 'in' : why,
			},
			{
				id: 'becomes-root', says: `${name} becomes root over that connection`, holds: root, expected: 'root', actual: root ? 'root' : why,
			},
		];
	},
});
