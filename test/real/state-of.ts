/**
How a droplet stands, as far as a guard must put it back: every file that settings live in, the kernel's rules, and what sshd goes by and offers.

A flat table of what to what, so that two of them are compared line by line.
*/
import {setTimeout as sleep} from 'node:timers/promises';
import type {Droplet} from '../lab/lab.js';
import {askLogInMethods} from './log-in-methods.js';

export type State = ReadonlyMap<string, string>;

/** Where settings live, and where people do. `/var/lib/dropwise` is the guard's own. */
const folders = ['/etc', '/home', '/root', '/usr/lib/ufw', '/var/lib/ufw', '/var/spool/cron'];

/** Mode, owner, kind and target of everything, then the content of the files. */
const filesOf = async (droplet: Droplet): Promise<Array<[string, string]>> => {
	const there = (await droplet.exec(['find', ...folders, '-maxdepth', '0'])).out.trim().split('\n');
	const [listing, sums] = await Promise.all([
		droplet.must(['find', ...there, '-xdev', '-printf', String.raw`%p\t%m %u:%g %y %l\n`]),
		droplet.must(['find', ...there, '-xdev', '-type', 'f', '-exec', 'sha256sum', '{}', '+']),
	]);
	const contents = new Map(sums.trim().split('\n').map(line => [line.slice(66), line.slice(0, 64)]));
	return listing.split('\n').filter(Boolean).map(line => {
		const [path = '', how = ''] = line.split('\t');
		return [path, `${how} ${contents.get(path) ?? ''}`.trim()];
	});
};

/**
The rules of one family by table and chain. Counters and comments say nothing about what is let in. A built-in chain that lets everything in and has no rules is left out: so a table that is not there equals one that nobody ever put anything into, which is how the kernel takes it (listing a table can be what makes it).
*/
export const rulesOf = (family: string, saved: string): Array<[string, string]> => {
	const chains = new Map<string, string[]>();
	let table = '';
	for (const line of saved.split('\n')) {
		const [first = '', second = ''] = line.split(' ');
		if (line.startsWith('*')) {
			table = line.slice(1);
		} else if (line.startsWith(':')) {
			chains.set(`${family} ${table} ${first.slice(1)}`, second === 'ACCEPT' ? [] : [`policy ${second}`]);
		} else if (line.startsWith('-A ')) {
			chains.get(`${family} ${table} ${second}`)!.push(line);
		}
	}

	return [...chains].filter(([, rules]) => rules.length > 0).map(([chain, rules]) => [chain, rules.join('\n')]);
};

/** What sshd's files come to, for strangers, root and the admin, keyword by keyword. */
const settingsOf = async (droplet: Droplet): Promise<Array<[string, string]>> => {
	const from = 'host=192.0.2.1,addr=192.0.2.1';
	const settings = new Map<string, string>();
	for (const who of ['', ' root', ' ada']) {
		const text = await droplet.must(['/usr/sbin/sshd', '-T', ...who === '' ? [] : ['-C', `user=${who.trim()},${from}`]]);
		for (const line of text.trim().split('\n')) {
			const [keyword = '', ...values] = line.split(' ');
			const what = `sshd -T${who} ${keyword}`;
			settings.set(what, [...settings.has(what) ? [settings.get(what)!] : [], values.join(' ')].join(', '));
		}
	}

	return [...settings];
};

/** What sshd offers root. One that was told a moment ago to read its settings closes its port before it opens it again, so it is asked for a few seconds. */
const offersAt = async (address: string, port: number, keys: readonly string[]): Promise<string> => {
	for (const end = performance.now() + 5000; ;) {
		const methods = await askLogInMethods(address, port, 'root', keys);
		if (methods !== undefined || performance.now() > end) {
			return methods?.join() ?? 'no answer';
		}

		await sleep(250);
	}
};

/** What sshd that runs offers root over a new connection, v4 and v6, and what listens. */
const offersOf = async (droplet: Droplet, port: number): Promise<Array<[string, string]>> => {
	const keys = Object.values(await droplet.fingerprints());
	const offers = await Promise.all([droplet.address, droplet.address6].map(async address => offersAt(address, port, keys)));
	const listens = await droplet.must(['ss', '-Hltn']);
	return [
		...offers.map((methods, index): [string, string] => [`offers ${index === 0 ? 'v4' : 'v6'}`, methods]),
		['listens', listens.trim().split('\n').map(line => line.split(/\s+/v)[3]!).toSorted().join(' ')],
	];
};

export const stateOf = async (droplet: Droplet, port: number = droplet.port): Promise<State> => {
	const parts = await Promise.all([
		filesOf(droplet),
		...['iptables', 'ip6tables'].map(async family => rulesOf(family, await droplet.must([`${family}-save`]))),
		settingsOf(droplet),
		offersOf(droplet, port),
	]);
	return new Map(parts.flat());
};

/** What differs, one line each: `what: was → is`. */
export const differences = (before: State, after: State): readonly string[] =>
	[...new Set([...before.keys(), ...after.keys()])].toSorted()
		.filter(what => before.get(what) !== after.get(what))
		.map(what => `${what}: ${before.get(what) ?? 'absent'} → ${after.get(what) ?? 'absent'}`);

const left = async (droplet: Droplet): Promise<readonly string[]> => {
	const looks = [
		['sh', '-c', 'ls -d /var/lib/dropwise/guard/armed /var/lib/dropwise/guard/reverting /etc/init/dropwise* /etc/systemd/system/dropwise* /etc/systemd/system/*/dropwise* 2>/dev/null'],
		['pgrep', '-af', 'guard/revert (timer|boot|now)'],
		['systemctl', 'list-units', '--all', '--plain', '--no-legend', 'dropwise-guard*', 'dropwise-revert*'],
	];
	const said: string[] = [];
	for (const argv of looks) {
		const {out} = await droplet.exec(argv);
		said.push(...out.split('\n').map(line => line.trim()).filter(line => line !== '' && !/^dropwise-guard\.service\s+\S+ inactive/v.test(line)));
	}

	return said;
};

/** What a guard left behind though it is over: an armed note, its boot hook, its timer, units. After a boot systemd remembers the hook that ran then, though its file is gone: that is no more than a memory. Its timer looks once a second whether it is still wanted, so it is given a few. */
export const leftBehind = async (droplet: Droplet): Promise<readonly string[]> => {
	let all = await left(droplet);
	for (let tries = 0; all.length > 0 && tries < 5; tries++) {
		await sleep(1000);
		all = await left(droplet);
	}

	return all;
};
