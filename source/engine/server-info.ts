/** What connecting teaches, before any step is asked. */
import {bootId} from '../facts/boot.js';
import {Unreadable} from '../facts/files.js';
import type {
	Fact,
	Found,
	ServerInfo,
	Reading,
} from '../step.js';
import {recognise} from '../systems.js';

const text = (what: string) => ({outcome, code, out}: Reading): string => {
	if (outcome !== 'ran' || code !== 0) {
		throw new Unreadable(`${what} could not be read`);
	}

	return out;
};

const contents = (path: string): Fact<string> => ({argv: ['cat', path], parse: text(path)});

export const serverInfoLookup = {
	osRelease: contents('/etc/os-release'),
	memory: contents('/proc/meminfo'),
	bootId,
	addresses: {argv: ['ip', '-o', 'addr', 'show', 'scope', 'global'], parse: text('the addresses')} as Fact<string>,
	connection: {argv: ['printenv', 'SSH_CONNECTION'], parse: ({out}) => out.trim()} as Fact<string>,
};

/** A server that dropwise does not know how to set up. `message` is one sentence. */
export class Refused extends Error {
	override readonly name = 'Refused';
}

/** Makes the server info of what was found. Throws `Refused` for a system that is not known. */
export const serverInfoOf = (found: Found<typeof serverInfoLookup>, me: ServerInfo['me']): ServerInfo => {
	const system = recognise(found.osRelease);
	if ('refused' in system) {
		throw new Refused(system.refused);
	}

	const [from = '', , at = '', port = ''] = found.connection.split(' ');
	return {
		system,
		me,
		from: from === '' ? '127.0.0.1' : from,
		at: at === '' ? '127.0.0.1' : at,
		sshdPort: Number(port || me.sshPort),
		memoryMiB: Math.round(Number(/^MemTotal:\s+(\d+)/m.exec(found.memory)?.[1] ?? 0) / 1024),
		addresses: [...found.addresses.matchAll(/ inet6? ([\da-f.:]+)\//gi)].map(match => match[1]!),
		bootId: found.bootId,
	};
};

/** Whether the steps would ask the same questions with both. */
export const asksAlike = (a: ServerInfo, b: ServerInfo): boolean =>
	JSON.stringify([a.system, a.me, a.from, a.at, a.sshdPort]) === JSON.stringify([b.system, b.me, b.from, b.at, b.sshdPort]);
