/** Every fact of every step as one plain table, so that two droplets can be compared. */
import {loadSteps} from '../../source/engine/load-steps.js';
import {serverInfoLookup, serverInfoOf} from '../../source/engine/server-info.js';
import {ask, look, read} from '../../source/engine/look.js';
import type {Server} from '../../source/server/server.js';
import type {Context, Found, ServerInfo} from '../../source/step.js';
import {answersFor} from './scenario.js';
import {adminName, type World} from './world.js';

/** A port for the server itself that the kernel chose, as containerd's. */
const ephemeral = /(?<=^\{"port":)(?:32[7-9]\d{2}|3[3-9]\d{3}|[45]\d{4}|60\d{3})(?=,"families":\[[^\]]*\],"loopback":true)/;

/** Addresses of containers: which has which is a matter of who starts first. */
const container = /\b172\.(?:1[7-9]|2\d|3[01])\.\d+\.(?:[2-9]|\d{2,})\b/g;

/** What differs between any two droplets, and is made the same before they are compared. All of it. */
const normalised = (text: string, {key}: World, {me, from, addresses, bootId}: ServerInfo): string => {
	const words = [...[...addresses, me.address].map(address => [address, 'ADDRESS'] as const), [from, 'FROM'], [key.publicKey, 'KEY'], [key.fingerprint, 'FINGERPRINT'], [bootId, 'BOOT'], ['host0', 'eth0']] as const;
	let whole = text;
	for (const [it, word] of words) {
		whole = whole.replaceAll(it, () => word);
	}

	return whole.replaceAll(/\b[\da-f]{64}\b/g, 'SHA256').replaceAll(/\bbr-[\da-f]{12}\b/g, 'br-ID').replaceAll(container, 'CONTAINER').replace(ephemeral, 'EPHEMERAL');
};

/** Docker writes what it has for several networks, and for several containers, as it happens to come to them. */
const isOfNetwork = (rule: string): boolean => /\b(?:docker0|br-ID)\b|-s CONTAINER/.test(rule);
const byChain = (rules: readonly string[]): readonly string[] => {
	const chainOf = (rule: string): string => rule.split(' ')[1]!;
	const waiting = Map.groupBy(rules.filter(rule => isOfNetwork(rule)).toSorted(), chainOf);
	return rules.map(rule => (isOfNetwork(rule) ? waiting.get(chainOf(rule))!.shift()! : rule));
};

/** What has no order of its own: ss lists listeners as the kernel happens to have them, and so are bridges and interfaces listed. The rules of one network of containers stand in order, but not those of several. */
const ordered = (value: unknown, say: (text: string) => string): unknown => {
	if (!Array.isArray(value) || value.length === 0) {
		return value;
	}

	if (value.every(one => typeof one === 'object' && one !== null && ('loopback' in one || 'interface' in one))) {
		return value.map(one => say(JSON.stringify(one))).toSorted();
	}

	if (!value.every(one => typeof one === 'string')) {
		return value;
	}

	const said = value.map(one => say(one));
	return said.some(one => one.includes(' br-ID ')) ? byChain(said) : said.every(one => /^(?:docker0|br-ID)$/.test(one)) ? said.toSorted() : value;
};

/** What is ours in a script: the rest is the package's own on a real server. */
const oursIn = (script: string): string => /^# BEGIN dropwise[\s\S]+?^# END dropwise$/m.exec(script)?.[0] ?? '';

/** Lines of a file of settings that say something: what is said about settings is the package's on a real server, and our own on the practice droplet. */
const saying = (text: string): readonly string[] => (text.startsWith('#!') ? oursIn(text) : text).split('\n').filter(line => line.trim() !== '' && (!/^#(?!##)/.test(line) || line.includes('dropwise')));

/** A path such as `firewall.kernel4.policies.INPUT` for every value inside. Long texts line by line, so that a difference is one line. */
const flatten = (path: string, value: unknown, say: (text: string) => string): ReadonlyArray<readonly [string, string]> => {
	if (typeof value === 'string' && value.includes('\n')) {
		return saying(value).map((line, index) => [`${path}:${index + 1}`, say(line)]);
	}

	const inside = value instanceof Map ? [...value] as Array<[string, unknown]> : typeof value === 'object' && value !== null ? Object.entries(value) : undefined;
	return inside?.flatMap(([name, one]) => flatten(`${path}.${say(name)}`, ordered(one, say), say)) ?? [[path, say(String(value))]];
};

export type FactTable = ReadonlyMap<string, string>;

export const factsOf = async (world: World, server: Server): Promise<FactTable> => {
	const steps = await loadSteps();
	const info = serverInfoOf(read(serverInfoLookup, await ask(server, [serverInfoLookup])) as Found<typeof serverInfoLookup>, server.me);
	const answers = answersFor(steps);
	const found = await look(server, steps, (step): Context => ({
		info, answers: answers[step.id] ?? {}, admin: adminName, key: world.key, all: answers,
	}));
	return new Map([...found].flatMap(([id, facts]) => flatten(id, facts, text => normalised(text, world, info))));
};

/** Where two tables differ, one line a fact. */
export const factsThatDiffer = (real: FactTable, practice: FactTable): readonly string[] =>
	[...new Set([...real.keys(), ...practice.keys()])].toSorted().flatMap(path => {
		const [is, says] = [real.get(path), practice.get(path)];
		return is === says ? [] : [`${path}: really ${JSON.stringify(is)}, on practice ${JSON.stringify(says)}`];
	});
