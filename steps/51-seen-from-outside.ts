import {isShown, published, type Published} from '../source/facts/docker.js';
import {listeningSockets, type ListeningSocket} from '../source/facts/listening-sockets.js';
import {
	families, interfaceAddresses, spoken, type InterfaceAddress,
} from '../source/facts/addresses.js';
import {knockAtPublished, portsInRules, redirects} from '../source/facts/packet-filter/containers.js';
import {unspokenPort} from '../source/facts/packet-filter/strangers.js';
import {packetFilter, tablesOf, type Tables} from '../source/facts/packet-filter/tables.js';
import {barsUnlisted, doorOf, type Bars} from '../source/facts/ufw-kernel.js';
import {limitedTo, listedForUs} from '../source/facts/own-way.js';
import {inPlainWords} from '../source/facts/programs.js';
import {
	openPorts,
	opens,
	rulesIn,
	ufwFacts,
} from '../source/facts/ufw.js';
import {
	defineStep,
	type Claim,
	type Family,
	type FileFact,
	type ServerInfo,
} from '../source/step.js';
import {see} from '../source/witness/ports.js';

type Facts = {readonly listening: readonly ListeningSocket[]; readonly docker: ReadonlyArray<readonly Published[] | undefined>; readonly ufwRules: FileFact; readonly ufwRules6: FileFact; readonly kernel4: Tables; readonly kernel6: Tables; readonly interfaces: readonly InterfaceAddress[]};

const reachable = (all: readonly ListeningSocket[]): readonly ListeningSocket[] => all.filter(({loopback}) => !loopback);
/** What Docker publishes for others than the server itself, and can be knocked at. */
const shownBy = ({docker}: Pick<Facts, 'docker'>): readonly Published[] => docker.flatMap(all => all ?? []).filter(one => one.protocol === 'tcp' && isShown(one));
const portsOf = (facts: Pick<Facts, 'docker' | 'listening'>): readonly number[] =>
	[...new Set([...reachable(facts.listening), ...shownBy(facts)].map(({port}) => port))].toSorted((a, b) => a - b);
const rulesOf = (family: Family, facts: Facts) => rulesIn(family, family === 'v4' ? facts.ufwRules : facts.ufwRules6);
const ufwSays = (family: Family, facts: Facts, port: number): 'open' | 'closed' => (rulesOf(family, facts).some(rule => opens(rule, port)) ? 'open' : 'closed');

/** The program by which Docker passes on what it cannot redirect. */
const proxy = 'docker-proxy';
const isEverywhere = ({address}: Published): boolean => address === '0.0.0.0' || address === '::';

/** Where Docker shows a port, in its own words: on all addresses, or on some. */
const dockerSays = (shown: readonly Published[]): string =>
	`${[...new Set(shown.map(({container}) => container))].join(', ')} on ${shown.some(one => isEverywhere(one)) ? 'all addresses' : [...new Set(shown.map(({address}) => address))].join(', ')}`;

/** Who is behind a port, and whether they show it over this family, at the address that is dialled. */
const doorAt = (facts: Facts, port: number, family: Family, address: string | undefined) => {
	const here = reachable(facts.listening).filter(one => one.port === port);
	const shown = shownBy(facts).filter(one => one.port === port);
	const program = here.find(one => one.program !== proxy)?.program;
	const isContainer = program === undefined && shown.length > 0;
	return {
		isContainer,
		who: isContainer ? `${dockerSays(shown)}, says Docker` : inPlainWords(program ?? here[0]?.program ?? 'something'),
		isShownThere: isContainer ? shown.some(one => one.family === family && (isEverywhere(one) || one.address === address)) : here.some(({families: at}) => at.includes(family)),
	};
};

/** Who decides what comes in that nobody listed. */
const guardOf = (facts: Facts, info: ServerInfo): {readonly holds: boolean; readonly actual: string} | {readonly unknown: string} => {
	const [v4, v6] = families.map(family => barsUnlisted(tablesOf(facts, family), doorOf(family, info, facts.interfaces))) as [Bars, Bars];
	const doubt = [v4, v6].find(bars => 'unknown' in bars);
	return doubt !== undefined && !('by' in v4) && !('by' in v6)
		? doubt
		: {holds: !('by' in v4) && !('by' in v6), actual: 'by' in v4 ? ('by' in v6 ? 'nobody' : `nobody over ${spoken.v4}`) : 'by' in v6 ? `nobody over ${spoken.v6}` : 'the firewall'};
};

/** Whether strangers get in to a port if a container publishes it. */
const mayShow = (facts: Facts, info: ServerInfo, family: Family, port: number): boolean => {
	const fate = knockAtPublished(tablesOf(facts, family), doorOf(family, info, facts.interfaces), port);
	return 'end' in fate && fate.end === 'in';
};

/** Ports where what the firewall lists and what containers may show are not the same, in words. What a program of the server itself listens on is none that a container could show. */
const apart = (facts: Facts, info: ServerInfo): readonly string[] => {
	const own = new Set(reachable(facts.listening).filter(({program}) => program !== proxy).map(({port}) => port));
	// Where Docker redirects nothing there is the firewall's list alone.
	const differences = families.filter(family => redirects(tablesOf(facts, family))).flatMap(family => {
		const host = openPorts(rulesOf(family, facts));
		if (mayShow(facts, info, family, unspokenPort(tablesOf(facts, family)))) {
			return [`Docker lets in whatever a container publishes over ${spoken[family]}, listed or not`];
		}

		const others = [...portsInRules(tablesOf(facts, family)), ...portsOf(facts)].filter(port => !host.includes(port) && !own.has(port));
		return [
			...host.filter(port => !own.has(port) && !mayShow(facts, info, family, port)).map(port => `${port} is open, but a container may not show it yet`),
			...others.filter(port => mayShow(facts, info, family, port)).map(port => `a container may show ${port}, which the firewall's list does not have`),
		];
	});
	return [...new Set(differences)];
};

export default defineStep({
	id: 'seen-from-outside',
	title: 'Seen from outside',
	phase: 'Proof',
	why: 'What a firewall says of itself is one thing; whether a stranger gets in is another. For every door of your server this compares the list, and what Docker publishes, with what your own computer finds when it knocks.',
	lesson: `Somebody published a container's port, looked at "ufw status", saw it was not listed, and slept well. Docker had written its own rules in front of the firewall, and the whole internet could use it.

So nothing here believes the server: your computer knocks at each port, over IPv4 and IPv6, and says what it found. When nothing at all answers, it says so instead of calling it closed.

How to see it:  on the server  sudo ss -tlnp  lists the doors, and  sudo docker ps  those of containers; from your own computer  nmap -Pn SERVER  knocks at them.`,
	minutes: 1,
	after: ['firewall', 'docker-behind-firewall'],
	guarded: false,

	look: ({info: {system}}) => ({
		listening: listeningSockets,
		docker: system.docker ? [published] : [],
		kernel4: packetFilter('v4'),
		kernel6: packetFilter('v6'),
		interfaces: interfaceAddresses,
		...ufwFacts(system),
	}),
	plan: () => [],

	verify(facts, {info}) {
		const {docker} = facts;
		const ports = portsOf(facts);
		const doors = `port${ports.length === 1 ? '' : 's'} ${ports.join(', ')}`;
		const differences = apart(facts, info);
		return [
			{
				id: 'a-firewall', says: `a firewall decides who reaches ${ports.length === 0 ? 'this server' : doors}`, expected: 'the firewall', ...guardOf(facts, info),
			},
			...(docker.some(Boolean)
				? [{
					id: 'one-list', says: 'the firewall and Docker go by one list', holds: differences.length === 0, expected: 'the same ports', actual: differences.length === 0 ? 'the same ports' : differences.join('; '),
				}]
				: []),
		];
	},

	async witness(outside, facts, {info}) {
		const {sshdPort} = info;
		const rules = families.flatMap(family => rulesOf(family, facts));
		const isLimited = limitedTo(rules, sshdPort, info) !== undefined;
		return Promise.all(portsOf(facts).flatMap(port => families.map(async (family): Promise<Claim> => {
			const {who, isContainer, isShownThere} = doorAt(facts, port, family, outside.addresses[family]);
			const listed = ufwSays(family, facts, port);
			// Whatever a list says: who sits here came in by SSH's port, unless it says for whom that is open.
			const own = isLimited ? listedForUs(rules, family, sshdPort, info) : 'open';
			const [expected, why] = port === sshdPort
				? [own ?? 'open', own === 'closed' ? 'the firewall\'s list has it for others' : 'it is your own way in'] as const
				: (isShownThere ? [listed, `the firewall's list ${listed === 'open' ? 'has it' : 'does not have it'}`] as const : ['closed', 'nothing shows it there'] as const);
			const id = `port-${port}-${family}`;
			const says = `port ${port} (${who}) is ${expected} from where you sit, over ${spoken[family]}`;
			if (port === sshdPort && own === undefined) {
				return {id, says, unknown: `the firewall's list has it for some addresses alone, and yours over ${spoken[family]} is not known`};
			}

			const seen = await see(outside, family, port, sshdPort);
			if ('unknown' in seen) {
				return {id, says, unknown: seen.unknown};
			}

			const bars = barsUnlisted(tablesOf(facts, family), doorOf(family, info, facts.interfaces));
			const open = isContainer && listed === 'closed' ? `it answers: ${'by' in bars ? 'no firewall stands before it' : 'Docker lets it in past the firewall'}` : 'it answers';
			const closed = isContainer && !mayShow(facts, info, family, port) ? 'it does not answer: a container may not show it yet' : 'it does not answer';
			return {
				id, says, holds: seen.port === expected, expected: `${expected}: ${why}`, actual: seen.port === 'open' ? open : closed,
			};
		})));
	},
});
