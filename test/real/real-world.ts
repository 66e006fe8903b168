/** A real droplet of the lab as the contract suite's scenarios see it. */
import {Buffer} from 'node:buffer';
import {connectSsh} from '../../source/server/ssh.js';
import {proveKey} from '../../source/server/key-pairs.js';
import {hide} from '../../source/server/secret.js';
import type {Login} from '../../source/server/server.js';
import {modern, withOldDocker} from '../contract/ways.js';
import {
	adminName,
	unwatched,
	watched,
	type Entry,
	type World,
} from '../contract/world.js';
import type {Droplet} from '../lab/lab.js';
import {gateway} from '../lab/network.js';
import {until} from '../lab/processes.js';
import {packagesPort} from '../lab/services.js';
import {getsThrough, makeImage} from './containers.js';
import {build} from './own-packages.js';

/** One line a file or folder: mode, owner, path, and of a file its content in base64. */
const listing = String.raw`for path; do find "$path" \( -type f -o -type d \) -printf '%m %u:%g %y %p\n'; done 2>/dev/null | while read -r mode owner type path; do
	content=-
	[ "$type" = f ] && content=+$(base64 -w0 <"$path")
	printf '%s %s %s %s\n' "$mode" "$owner" "$content" "$path"
done`;

const entryOf = (line: string): readonly [path: string, entry: Entry] => {
	const [mode = '', owner = '', content = '', ...path] = line.split(' ');
	return [path.join(' '), {is: `${mode} ${owner}`, content: content === '-' ? undefined : Buffer.from(content.slice(1), 'base64').toString('utf8')}];
};

/** Ends once somebody waits for it. */
const cloudInit = `#!/bin/sh
[ "$*" = 'status --wait' ] || exit 2
[ -e /run/cloud-init/result.json ] || { sleep 1; echo '{}' >/run/cloud-init/result.json; }
echo 'status: done'
`;

/** Wraps a droplet that is up. Its own key pair is the admin's. `listens`: what a test lets listen there. */
export const realWorld = async (droplet: Droplet, address = droplet.address, listens: readonly number[] = []): Promise<World> => {
	const root: Login = {user: 'root', password: hide(droplet.rootPassword)};
	return {
		name: address,
		ways: droplet.release === 'bookworm' ? withOldDocker : modern,
		listens,
		root,
		admin: {user: adminName, identity: droplet.keyFile},
		key: await proveKey(droplet.keyFile),
		containers: {
			prepare: async () => makeImage(droplet),
			web: ['lab', '/usr/bin/perl', '/opt/lab/web'],
			outside: {host: gateway, port: packagesPort},
			getsThrough: async (container, host, port) => getsThrough(droplet, container, host, port),
		},
		open: async login => connectSsh({
			address, port: droplet.port, login, trust: () => true,
		}),
		async do(argv, stdin) {
			return droplet.must(argv, stdin === undefined ? {} : {input: stdin});
		},
		async reloadSsh() {
			const started = async () => (await droplet.must(['journalctl', '--unit', 'ssh', '--output', 'cat', '--no-pager'])).split('Server listening on').length;
			const before = await started();
			await droplet.must([...modern.reloadSsh]);
			// systemctl comes back when sshd was told, which is before it has read them.
			await until(async () => await started() > before, 20, 'sshd to read its settings');
		},
		async read(path) {
			const {code, out} = await droplet.exec(['cat', path]);
			return code === 0 ? out : undefined;
		},
		async write(path, content, mode) {
			await droplet.write(path, content, mode?.toString(8));
		},
		async fallsBehind() {
			await droplet.must(['dpkg', '-i', await build(droplet, {name: 'tzdata', version: '2016a-0'})]);
		},
		async cutsInstallingOff() {
			await droplet.must(['dpkg', '--unpack', await build(droplet, {name: 'cut', version: '1.0'})]);
		},
		async startsFirstBoot() {
			await droplet.write('/usr/local/bin/cloud-init', cloudInit, '0755');
			await droplet.write('/run/cloud-init/status.json', '{}\n');
		},
		async entries() {
			const out = await droplet.must(['sh', '-c', listing, 'listing', ...watched]);
			return new Map(out.split('\n').filter(Boolean).map(line => entryOf(line)).filter(([path]) => !unwatched.test(path)).toSorted(([a], [b]) => (a < b ? -1 : 1)));
		},
		async close() {
			await droplet.down();
		},
	};
};

/** Lets sshd forget log-ins that failed. From OpenSSH 9.8 on it turns an address away after a few, and the scenarios fail log-ins on purpose, one after another; `turned-away` in claims.test.ts tries it as it is. */
export const forgiving = async (world: World): Promise<void> => {
	await world.write('/etc/ssh/sshd_config.d/99-forgiving.conf', 'PerSourcePenalties no\n', 0o600);
	await world.reloadSsh();
};
