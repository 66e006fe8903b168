import {z} from 'zod';
import {
	families, interfaceAddresses, spoken, wayTo, type InterfaceAddress,
} from '../source/facts/addresses.js';
import {
	inspectNetworks, isDockers, networkIds, type DockersWord,
} from '../source/facts/container-networks.js';
import {isDockersName, missingRules, rulesLettingIn} from '../source/facts/docker-rules.js';
import {
	daemon, daemonFile, daemonSettingsIn, isShown, published, withDaemonSettings, type Daemon,
} from '../source/facts/docker.js';
import {judgeList, mendList} from '../source/facts/docker-list.js';
import {bridges, chain} from '../source/facts/docker-user.js';
import {file} from '../source/facts/files.js';
import {packetFilter, tablesOf, type Tables} from '../source/facts/packet-filter/tables.js';
import {nftTables, type NftName} from '../source/facts/packet-filter/nft-tables.js';
import {redirected} from '../source/facts/packet-filter/containers.js';
import {describe} from '../source/facts/packet-filter/strangers.js';
import {forgetFailures, restart} from '../source/facts/services.js';
import {doorOf} from '../source/facts/ufw-kernel.js';
import {
	ufwFiles, valueIn, webPorts, withValue,
} from '../source/facts/ufw.js';
import {
	defineStep,
	type Claim,
	type Context,
	type Family,
	type FileFact,
	type GuardedAction,
} from '../source/step.js';
import {see} from '../source/witness/ports.js';

type Facts = {readonly kernel4: Tables; readonly kernel6: Tables; readonly after: FileFact; readonly after6: FileFact; readonly bridges: readonly string[]; readonly interfaces: readonly InterfaceAddress[]; readonly settings: FileFact; readonly daemon: Daemon | undefined; readonly ufwDefaults: FileFact; readonly nftNames: {readonly names: readonly NftName[]}; readonly networks?: ReadonlyArray<readonly DockersWord[]>};

/** The list of the firewall step, without SSH: that is the server's own. */
const portsFor = ({all}: Context<any>): readonly number[] => [...new Set([...webPorts, ...(all.firewall?.alsoOpen ?? []) as readonly number[]])].toSorted((a, b) => a - b);

/** The two ways to the same end: a list that Docker asks, or none of Docker's rules at all. */
const recipes = ['docker-user', 'iptables-off'] as const;
const isOff = ({answers}: Context<any>): boolean => (answers as {recipe: string}).recipe === 'iptables-off';

/** The server's own addresses and networks, by which it sends on. */
const routesOf = ({interfaces}: Facts) => ({isOwn: (address: string) => interfaces.some(one => one.address === address), wayTo: (address: string) => wayTo(interfaces, address), forwards: true});

type Settings = Readonly<Record<string, unknown>>;
const backend = 'firewall-backend';
/** Whether the kernel has rules that Docker wrote with nftables: there it asks nobody. */
const hasNftRules = ({nftNames}: Facts): boolean => nftNames.names.some(name => name.endsWith(' docker-bridges'));
/** Docker's settings that are not as the recipe wants them. */
const missingIn = (settings: Settings, facts: Facts, c: Context<any>): Settings => (isOff(c)
	? Object.fromEntries(['iptables', 'ip6tables'].filter(key => settings[key] !== false).map(key => [key, false]))
	: {...settings['iptables'] === false ? {iptables: true} : {}, ...settings[backend] === 'nftables' || (hasNftRules(facts) && settings[backend] === undefined) ? {[backend]: 'iptables'} : {}});
/** Whether somebody took out the rules of a Docker that runs. */
const lacksRules = (facts: Facts, c: Context<any>): boolean => !isOff(c) && facts.daemon !== undefined && missingRules(facts.kernel4).length > 0;

const startsDocker = (because: string, {info: {system}}: Context<any>): readonly GuardedAction[] => [
	{
		do: 'run', because: 'systemd refuses a start after three in a minute; this lets it forget them', argv: forgetFailures('docker'), undo: 'again',
	},
	{
		do: 'run', because, argv: restart(system, 'docker'), undo: 'again',
	},
];

/** Tells Docker whether to write rules; it listens only when it starts. */
const toldDocker = (facts: Facts, c: Context<any>): readonly GuardedAction[] => {
	const settings = daemonSettingsIn(facts.settings);
	const missing = typeof settings === 'string' ? {} : missingIn(settings, facts, c);
	return typeof settings === 'string' || Object.keys(missing).length === 0
		? []
		: [
			{
				do: 'write', because: isOff(c) ? 'tells Docker to write no more rules; those by which it lets people in are taken out then' : 'lets Docker write rules by which it asks the list', file: facts.settings, content: withDaemonSettings(facts.settings, settings, missing), mode: facts.settings.mode,
			},
			...startsDocker('Docker reads its settings only when it starts; containers go on meanwhile', c),
		];
};

/** Docker's rules that let something in though it is told to write none: they stay in the kernel until the machine starts anew. */
const stillThere = (facts: Facts) => families.flatMap(family => rulesLettingIn(family, tablesOf(facts, family), isDockers(facts.networks?.[0] ?? [])));

/** Whether Docker writes rules as the recipe wants it. */
const judgeRules = (facts: Facts, c: Context<any>): Claim => {
	const claim = {id: 'docker-rules', says: isOff(c) ? 'Docker writes no more rules, and none that it wrote lets anybody in' : 'Docker writes its rules, by which it asks the list'};
	const settings = daemonSettingsIn(facts.settings);
	if (typeof settings === 'string') {
		return {...claim, unknown: settings};
	}

	const keys = Object.keys(missingIn(settings, facts, c));
	const left = isOff(c) ? stillThere(facts) : [];
	const expected = isOff(c) ? 'none' : 'it does';
	const wrong = [
		...keys.map(key => (key === backend ? 'Docker writes its rules with nftables, where it asks no list' : `${key} is ${isOff(c) ? 'not off' : 'off'} in ${facts.settings.path}`)),
		...!isOff(c) && !keys.includes(backend) && hasNftRules(facts) ? ['what Docker wrote with nftables is still there, where it asked no list: a restart of the server takes it out'] : [],
		...lacksRules(facts, c) ? missingRules(facts.kernel4).map(which => `the kernel lacks ${which}`) : [],
		...left.length > 0 ? [`${left.length} of its rules are still there, such as ${left[0]!.rule}`] : [],
	];
	return {
		...claim, holds: wrong.length === 0, expected, actual: wrong.length === 0 ? expected : wrong.join('; '),
	};
};

const builtins = 'MANAGE_BUILTINS';
const leavesOthers = ({ufwDefaults}: Facts): boolean => valueIn(ufwDefaults, builtins)?.toLowerCase() !== 'yes';

/** Whether somebody is led to a container past the firewall, by rules of Docker's or of others. */
const judgeWays = (facts: Facts, {info}: Context<any>): Claim => {
	const claim = {id: 'closed', says: 'nobody is led to a container past the firewall'};
	const {found, doubt} = describe(families.flatMap(family => redirected(tablesOf(facts, family), doorOf(family, info, facts.interfaces), routesOf(facts))));
	return found.length === 0 && doubt !== undefined
		? {...claim, unknown: doubt}
		: {
			...claim, holds: found.length === 0, expected: 'nobody', actual: found.length === 0 ? 'nobody' : found.join('; '),
		};
};

export default defineStep({
	id: 'docker-behind-firewall',
	title: 'Docker goes through the firewall',
	phase: 'Docker',
	why: 'You told the firewall which doors are open. Docker does not ask it: it writes its own rules in front, and a container that publishes a port is open to the whole world, while "ufw status" says nothing of it.',
	lesson: `Somebody ran a manager for their containers on a published port, behind a password that nginx asked for. Docker had opened the port in front of the firewall, so whoever knew the port never met nginx, nor its password.

There are two ways out, of which you choose one. Docker leaves a place for your own rules, a list (a chain) called ${chain}, and asks it before it lets anything in. Filled, it closes whatever is published but for the same ports that the firewall's list has open. A port counts as you publish it, left of the colon: with "-p 8080:80" that is 8080. The list stands in the firewall's own files, so it is there before Docker starts, after each reload and each reboot. Containers still reach each other and the internet.

Or Docker writes no rules at all. Then a helper of Docker's accepts what comes for a container, and the firewall decides about it as about any other program; the next step does what Docker's rules did besides.

To open one more port, add it to the firewall's list in dropwise: then it is open for containers, too.

How to see it:  sudo iptables -S ${chain}   or   cat /etc/docker/daemon.json
From outside:   nmap -Pn SERVER
The way back:   dropwise undo SERVER docker-behind-firewall`,
	minutes: 1,
	needs: ['firewall', 'docker'],
	guarded: true,

	asks: {
		recipe: {
			question: 'How shall Docker be put behind the firewall?',
			choices: [
				{
					value: 'docker-user', label: 'Docker asks a list first', note: 'recommended: your sites see who visits them', explains: 'It costs a second list, beside the firewall\'s; dropwise keeps the two the same. Docker goes on writing its rules, but asks that list before it lets anybody in. A port that a container opens (publishes) is closed unless it is listed, and sites see the addresses of their visitors.',
				},
				{
					value: 'iptables-off', label: 'Docker writes no rules', note: 'one firewall alone, but all visitors look alike', explains: 'It costs this: every visitor seems to come from the server itself, so a site can neither count nor ban them; and for about a second at each "ufw reload", every port that a container opens is open to all. A helper of Docker\'s accepts what comes for a container, and the firewall decides about it as about any other program.',
				},
			],
			schema: z.enum(recipes, 'docker-user or iptables-off'),
			default: () => 'docker-user' as const,
		},
	},

	look({info: {system}}) {
		const paths = ufwFiles(system);
		return {
			kernel4: packetFilter('v4'), kernel6: packetFilter('v6'), after: file(paths.after), after6: file(paths.after6), bridges, published, interfaces: interfaceAddresses, settings: daemonFile, ufwDefaults: file(paths.defaults), daemon, nftNames: nftTables, networkIds,
		};
	},
	// Docker's own names for bridges need no asking.
	lookDeeper: ({bridges: all, networkIds: ids}) => ({networks: ids.length > 0 && all.some(name => !isDockersName(name)) ? [inspectNetworks(ids)] : []}),

	plan(facts, c) {
		const told = toldDocker(facts, c);
		if (told.length > 0) {
			return told;
		}

		return isOff(c)
			? stillThere(facts).map(({argv, undo}): GuardedAction => ({
				do: 'run', because: 'Docker left it behind, and it lets in what comes for containers, past the firewall', argv, undo: [undo],
			}))
			: [
				...leavesOthers(facts)
					? []
					: [{
						do: 'write', because: 'with this the firewall throws out all rules whenever it is loaded, Docker\'s too', file: facts.ufwDefaults, content: withValue(facts.ufwDefaults.content ?? '', builtins, `${builtins}=no`), mode: facts.ufwDefaults.mode,
					} as const],
				...mendList(facts, portsFor(c), lacksRules(facts, c) ? startsDocker('Docker writes its rules anew when it starts; containers go on meanwhile', c) : []),
			];
	},

	settle: 5,
	verify(facts, c) {
		const rules = judgeRules(facts, c);
		return isOff(c)
			? [rules, judgeWays(facts, c)]
			: [rules, ...judgeList(facts, portsFor(c)), {
				id: 'left-alone', says: 'when the firewall is loaded it leaves Docker\'s rules alone', holds: leavesOthers(facts), expected: 'it does', actual: leavesOthers(facts) ? 'it does' : `it throws them out, as ${builtins}=yes says in ${facts.ufwDefaults.path}`,
			}];
	},

	async witness(outside, facts, c) {
		const {info: {sshdPort}} = c;
		const shown = (facts.published ?? []).filter(one => one.protocol === 'tcp' && isShown(one) && !portsFor(c).includes(one.port));
		const ports = [...new Map(shown.map(one => [one.port, one.container]))];
		return Promise.all(ports.flatMap(([port, container]) => families.map(async (family: Family): Promise<Claim> => {
			const id = `port-${port}-${family}`;
			const says = `port ${port}, which ${container} publishes, is closed from where you sit, over ${spoken[family]}`;
			const seen = await see(outside, family, port, sshdPort);
			return 'unknown' in seen
				? {id, says, unknown: seen.unknown}
				: {
					id, says, holds: seen.port === 'closed', expected: 'closed', actual: seen.port === 'open' ? 'it answers' : 'closed',
				};
		})));
	},
});
