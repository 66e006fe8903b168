import {spawn} from 'node:child_process';
import {closeSync, openSync} from 'node:fs';
import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {mirror} from './mirror.js';
import {gateway} from './network.js';
import {cache, runtime} from './paths.js';
import {type Identity, identify} from './processes.js';

export const packagesPort = 3142;

/** Starts a process that outlives this one, its output in a log. */
export const startDetached = async (argv: readonly string[], log: string, environment: Record<string, string> = {}): Promise<Identity> => {
	const [command = '', ...rest] = argv;
	const descriptor = openSync(log, 'a', 0o600);
	const child = spawn(command, rest, {detached: true, stdio: ['ignore', descriptor, descriptor], env: {PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...environment}});
	closeSync(descriptor);
	child.unref();
	child.on('error', () => undefined);
	const identity = child.pid === undefined ? undefined : await identify(child.pid);
	if (!identity) {
		throw new Error(`${command} did not start; see ${log}`);
	}

	return identity;
};

/** A cache of packages on the gateway: the only thing of the world that a droplet can reach, and only this machine's mirror in it. */
export const startPackages = async (): Promise<Identity> => {
	const {main, security, proxy} = await mirror();
	const configuration = path.join(runtime, 'packages');
	const store = path.join(cache, 'packages');
	await mkdir(configuration, {recursive: true});
	await mkdir(store, {recursive: true});
	const withoutScheme = (url: string) => url.replace(/^http:\/\//v, '');
	await writeFile(path.join(configuration, 'acng.conf'), [
		`CacheDir: ${store}`,
		`LogDir: ${configuration}`,
		`SocketPath: ${path.join(configuration, 'socket')}`,
		'SupportDir: /usr/lib/apt-cacher-ng',
		`BindAddress: ${gateway}`,
		`Port: ${packagesPort}`,
		`Remap-debian: ${withoutScheme(main)} ; ${main}/`,
		...(security ? [`Remap-security: ${withoutScheme(security)} ; ${security}/`] : []),
		// Without these two it fetches whatever a droplet asks for, and would be a way out.
		'ForceManaged: 1',
		'PassThroughPattern: ^$',
		'ExThreshold: 30',
		...(proxy ? [`Proxy: ${proxy}`] : []),
		'',
	].join('\n'));
	return startDetached(['apt-cacher-ng', '-c', configuration, 'ForeGround=1'], path.join(runtime, 'packages.log'));
};

/** Names: the droplets' own resolver, which knows no name yet and says so at once instead of letting them wait. */
export const startNames = async (): Promise<Identity> => {
	const configuration = path.join(runtime, 'names.conf');
	await writeFile(configuration, [
		'keep-in-foreground',
		'no-resolv',
		'no-hosts',
		'bind-interfaces',
		'except-interface=lo',
		`listen-address=${gateway}`,
		'address=/#/',
		`pid-file=${path.join(runtime, 'names.pid')}`,
		'user=root',
		'',
	].join('\n'));
	return startDetached(['dnsmasq', `--conf-file=${configuration}`], path.join(runtime, 'names.log'));
};
