/** Contexts to try steps in: one for every system of the table. */
import type {Published} from '../../source/facts/docker.js';
import type {Context, FileFact, ServerInfo} from '../../source/step.js';
import {systems, type System} from '../../source/systems.js';

export const groundOn = (system: System): ServerInfo => ({
	system,
	me: {user: 'root', address: '203.0.113.7', sshPort: 22, root: 'is'},
	from: '198.51.100.4',
	at: '203.0.113.7',
	sshdPort: 22,
	memoryMiB: 1024,
	addresses: ['203.0.113.7', '2001:db8::7'],
	bootId: 'b8f1c0de-0000-4000-8000-000000000001',
});

export const key = {publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKey', fingerprint: 'SHA256:abc', identity: '~/.ssh/id_ed25519'};

export const contextOn = <A>(system: System, answers: A): Context<any> => ({
	info: groundOn(system), answers: answers as never, admin: 'ada', key, all: {},
});

export const fileWith = (path: string, content: string | undefined, mode = 0o644, owner = 'root:root'): FileFact => ({
	path, content, mode: content === undefined ? 0 : mode, owner: content === undefined ? '' : owner, sha256: content === undefined ? 'absent' : `sha-of-${content.length}`,
});

export const everySystem = systems;

/** A port that a container publishes. */
export const show = (container: string, port: number, address = '0.0.0.0', protocol = 'tcp'): Published => ({
	container, port, address, protocol, family: address.includes(':') ? 'v6' : 'v4',
});
