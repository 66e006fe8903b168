/** What people get wrong, and what they must be told. */
import {createServer, type AddressInfo, type Server} from 'node:net';
import {once} from 'node:events';
import {chmod, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {must} from '../lab/command.js';
import type {Droplet} from '../lab/lab.js';
import type {Home} from './program.js';

export type Scene = {
	readonly t: ExecutionContext;
	readonly droplet: Droplet;
	readonly home: Home;
	/** The host key that the droplet shows. */
	readonly hostKey: string;
	/** Writes a file into the home, for its owner alone, and returns its path. */
	readonly file: (name: string, text: string) => Promise<string>;
};

export type BadInput = {
	readonly what: string;
	/** Words after `dropwise`; what has to be there for them is made first. */
	readonly words: (scene: Scene) => Promise<readonly string[]>;
	/** Words in front of the program. */
	readonly before?: readonly string[];
	readonly code: number;
	/** What it says: what is wrong, and what to try. */
	readonly says: RegExp;
	readonly tries?: RegExp;
};

/** Nobody has this address: droplets end at 249. */
const nobody = '10.79.0.254';

const listener = async (t: ExecutionContext, says: string): Promise<number> => {
	const server: Server = createServer(socket => {
		socket.on('error', () => undefined);
		socket.write(says);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.teardown(() => {
		server.close();
	});
	return (server.address() as AddressInfo).port;
};

/** apply as root at some place, with the right password and the right host key. */
const asRoot = async ({droplet, hostKey, file}: Scene, place: string, ...more: readonly string[]): Promise<readonly string[]> =>
	['apply', `root@${place}`, '--yes', '--host-key', hostKey, '--password-file', await file('password', droplet.rootPassword), '-i', droplet.keyFile, ...more];

/** apply with nothing but a key file to log in with. */
const byKey = ({droplet, hostKey}: Scene, key: string, user = 'root'): readonly string[] => ['apply', `${user}@${droplet.address}`, '--yes', '--host-key', hostKey, '-i', key];

const keyPair = async ({home}: Scene, name: string, passphrase = ''): Promise<string> => {
	const key = path.join(home.folder, name);
	await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', passphrase, '-f', key]);
	return key;
};

export const unreachable: readonly BadInput[] = [
	{
		what: 'a host that is not there', words: async scene => asRoot(scene, nobody), code: 3, says: /There is no way from here to 10\.79\.0\.254, port 22\.|10\.79\.0\.254, port 22 does not answer\./, tries: /Compare the address with the provider's console/,
	},
	{
		what: 'a port that is closed', words: async scene => asRoot(scene, `${scene.droplet.address}:2200`), code: 3, says: /port 2200 refuses connections: nothing listens there, or it turns you away\./, tries: /See whether 2200 is SSH's port/,
	},
	{
		what: 'a port where nothing answers', words: async scene => asRoot(scene, `${scene.droplet.address}:2201`), code: 3, says: /port 2201 does not answer\./, tries: /See whether 2201 is SSH's port/,
	},
	{
		what: 'something that is no SSH server', words: async scene => asRoot(scene, `127.0.0.1:${await listener(scene.t, 'HTTP/1.1 400 Bad Request\r\n\r\n')}`), code: 3, says: /is no SSH server; it says: HTTP\/1\.1 400 Bad Request/, tries: /host:port/,
	},
	{
		what: 'something that takes the connection and says nothing', words: async scene => asRoot(scene, `127.0.0.1:${await listener(scene.t, '')}`), code: 3, says: /127\.0\.0\.1, port \d+ takes the connection and then says nothing\./, tries: /See whether \d+ is SSH's port/,
	},
	{
		what: 'a name that leads nowhere', words: async scene => asRoot(scene, 'no-such-server.invalid'), code: 3, says: /The name no-such-server\.invalid leads nowhere/, tries: /typing mistake/,
	},
	{
		what: 'an address that is none', words: async scene => asRoot(scene, '10.79.0.999'), code: 2, says: /"root@10\.79\.0\.999" is not a server's address: expected \[user@\]host\[:port\], for example/,
	},
	{
		what: 'another host key than --host-key says', words: async scene => [...await asRoot(scene, scene.droplet.address), '--host-key', `SHA256:${'A'.repeat(43)}`], code: 3, says: /shows the host key SHA256:\S+ and --host-key says SHA256:A+\. Nothing was sent/, tries: /provider's console/,
	},
	{
		what: 'a host key never seen, and nobody to ask', async words({droplet, file}) {
			return ['apply', `root@${droplet.address}`, '--yes', '--password-file', await file('password', droplet.rootPassword), '-i', droplet.keyFile];
		}, code: 3, says: /shows the host key SHA256:\S+ \(ssh-ed25519\), and it was never seen before\. Nothing was sent/, tries: /--host-key SHA256:/,
	},
];

export const locked: readonly BadInput[] = [
	{
		what: 'a wrong password', async words(scene) {
			return [...await asRoot(scene, scene.droplet.address), '--password-file', await scene.file('wrong', 'not-the-password')];
		}, code: 3, says: /The server refused the password of root\./, tries: /the password again/i,
	},
	{
		what: 'a key file that is not there', words: async scene => byKey(scene, path.join(scene.home.folder, 'nowhere')), code: 3, says: /The key file \S+nowhere cannot be used: there is no such file\./, tries: /-i ~\/\.ssh\/id_ed25519/,
	},
	{
		what: 'a key file that may not be read', async words(scene) {
			const key = await keyPair(scene, 'forbidden');
			await chmod(key, 0);
			return byKey(scene, key);
		}, before: ['setpriv', '--inh-caps=-dac_override,-dac_read_search', '--bounding-set=-dac_override,-dac_read_search'], code: 3, says: /The key file \S+forbidden cannot be used: you may not read it\./, tries: /-i ~\/\.ssh\/id_ed25519/,
	},
	{
		what: 'the public half in place of the private one', words: async scene => byKey(scene, `${scene.droplet.keyFile}.pub`), code: 3, says: /is the public half of a key pair\./, tries: /Name the private half/,
	},
	{
		what: 'a file that is no key', words: async scene => byKey(scene, await scene.file('letter', 'Dear server,\n')), code: 3, says: /is no private key that can be used here\./, tries: /ssh-keygen -y -f FILE/,
	},
	{
		what: 'an encrypted key without its passphrase', words: async scene => byKey(scene, await keyPair(scene, 'sealed', 'open sesame')), code: 3, says: /The key file \S+sealed is protected by a passphrase\./, tries: /--passphrase-file FILE, or .*ssh-add/,
	},
	{
		what: 'an encrypted key with a wrong passphrase', async words(scene) {
			return [...byKey(scene, await keyPair(scene, 'sealed-too', 'open sesame')), '--passphrase-file', await scene.file('passphrase', 'open barley')];
		}, code: 3, says: /The passphrase does not open the key file \S+sealed-too\./, tries: /the passphrase again/i,
	},
	{
		what: 'a key that the server does not know', words: async scene => byKey(scene, await keyPair(scene, 'stranger')), code: 3, says: /The key \S+stranger is not accepted for root\./, tries: /whether the key was given to the server/,
	},
	{
		what: 'a key for the new user that is not there', async words(scene) {
			const {droplet, hostKey, file} = scene;
			return ['apply', `root@${droplet.address}`, '--yes', '--host-key', hostKey, '--password-file', await file('password', droplet.rootPassword), '--answers', await file('answers.json', JSON.stringify({'admin-user': {identity: path.join(scene.home.folder, 'nowhere')}}))];
		}, code: 3, says: /The key file \S+nowhere cannot be used: there is no such file\./, tries: /-i ~\/\.ssh\/id_ed25519/,
	},
	{
		what: 'no key pair for the new user', async words({droplet, hostKey, file}) {
			return ['apply', `root@${droplet.address}`, '--yes', '--host-key', hostKey, '--password-file', await file('password', droplet.rootPassword)];
		}, code: 2, says: /admin-user\.identity is missing.*-i FILE/,
	},
];

const answers = async (scene: Scene, given: unknown): Promise<readonly string[]> => asRoot(scene, scene.droplet.address, '--answers', await scene.file('answers.json', typeof given === 'string' ? given : JSON.stringify(given)));

export const misspelt: readonly BadInput[] = [
	{
		what: 'a step that does not exist', words: async scene => asRoot(scene, scene.droplet.address, '--steps', 'admin-user,firewal'), code: 2, says: /There is no step "firewal"\. Did you mean firewall\?/,
	},
	{
		what: 'undo of a step that does not exist', words: async ({droplet, hostKey, file}) => ['undo', droplet.address, 'fire', '--host-key', hostKey, '--password-file', await file('password', droplet.rootPassword)], code: 2, says: /There is no step "fire"\. Did you mean firewall\? The steps are system-updates,/,
	},
	{
		what: 'answers with a field that is not known', words: async scene => answers(scene, {firewall: {alsoopen: [8080]}}), code: 2, says: /firewall has no field "alsoopen"\. Did you mean alsoOpen\?/,
	},
	{
		what: 'answers for a step that is not known', words: async scene => answers(scene, {firewal: {alsoOpen: [8080]}}), code: 2, says: /answers for a step "firewal", which does not exist\. Did you mean firewall\?/,
	},
	{
		what: 'a user name with a command in it', words: async scene => answers(scene, {'admin-user': {name: 'root; reboot'}}), code: 2, says: /admin-user\.name cannot be "root; reboot": expected a name of lower-case letters.*such as ada/,
	},
	{
		what: 'a port that is none', words: async scene => answers(scene, {firewall: {alsoOpen: [70_000]}}), code: 2, says: /firewall\.alsoOpen\[0\] cannot be \[70000\]: expected a port number from 1 to 65535/,
	},
	{
		what: 'answers that are no JSON', words: async scene => answers(scene, '{"admin-user": {"name": "ada"}'), code: 2, says: /answers\.json" is not JSON/,
	},
	{
		what: 'a command in place of the user to log in as', words: async ({droplet}) => ['apply', `root; reboot@${droplet.address}`, '--yes'], code: 2, says: /"root; reboot" in "root; reboot@\S+ cannot be a user's name on a server: expected \[user@\]host/,
	},
];

/** A user `bob` is there with a password and the droplet's key, and is nobody special. */
const asBob = async ({droplet, hostKey, file}: Scene): Promise<readonly string[]> =>
	['apply', `bob@${droplet.address}`, '--yes', '--host-key', hostKey, '--password-file', await file('bobs-password', bobsPassword), '--answers', await file('answers.json', JSON.stringify({'admin-user': {identity: droplet.keyFile}}))];
export const bobsPassword = 'quite-long-and-his-own';

export const notAllowed: readonly BadInput[] = [
	{
		what: 'a user who may not become root', words: asBob, code: 3, says: /The user bob may not become root with sudo\./, tries: /Log in as root, or as a user who is in the group sudo/,
	},
	{
		what: 'the same with a key alone', words: async scene => byKey(scene, scene.droplet.keyFile, 'bob'), code: 3, says: /sudo asks for the password of bob, who seems not to be allowed to become root\./, tries: /Log in as root, or as a user who is in the group sudo; bob is not\./,
	},
];
export const withoutSudo: BadInput = {
	what: 'a server without sudo', words: asBob, code: 3, says: /bob is not root, and the server has no sudo\./, tries: /Log in as root\./,
};
export const redHat: BadInput = {
	what: 'a server that says it is another system', words: async scene => asRoot(scene, scene.droplet.address), code: 1, says: /This server says it is Red Hat Enterprise Linux 9\.4 \(Plow\); dropwise knows Debian 11 and newer, and Ubuntu 14\.04 and newer\./, tries: /Choose an image of Debian or Ubuntu/,
};
export const osRelease = 'NAME="Red Hat Enterprise Linux"\nVERSION="9.4 (Plow)"\nID="rhel"\nID_LIKE="fedora"\nVERSION_ID="9.4"\nPRETTY_NAME="Red Hat Enterprise Linux 9.4 (Plow)"\n';
export const rebuilt: BadInput = {
	what: 'another host key than last time', words: async ({droplet, file}) => ['apply', `root@${droplet.address}`, '--yes', '--password-file', await file('password', droplet.rootPassword), '-i', droplet.keyFile], code: 3, says: /shows another host key than before: SHA256:\S+ in place of SHA256:.*Another server, or rebuilt\? Nothing was sent to it\./, tries: /provider's console/,
};

export const writer = (home: Home): Scene['file'] => async (name, text) => {
	const file = path.join(home.folder, name);
	await writeFile(file, text, {mode: 0o600});
	return file;
};
