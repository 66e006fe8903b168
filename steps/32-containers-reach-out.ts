import {z} from 'zod';
import {
	covers, families, interfaceAddresses, spoken, type InterfaceAddress,
} from '../source/facts/addresses.js';
import {
	inspectNetworks,
	isDockers,
	networkIds,
	type DockersWord,
} from '../source/facts/container-networks.js';
import {
	containerNetworks,
	divided,
	exposed,
	mixed,
	shutIn,
	unmasked,
	type Findings,
} from '../source/facts/container-reach.js';
import {
	isForShell,
	isMasking,
	lacksRoutes,
	masking,
	notMasking,
	pools,
	routesAsFound,
	withHook,
	withRoutes,
} from '../source/facts/container-routes.js';
import {asksListFirst} from '../source/facts/docker-list.js';
import {isDockersName, rulesLettingOut} from '../source/facts/docker-rules.js';
import {bridges, loads, tries} from '../source/facts/docker-user.js';
import {daemon, isKeeping, type Daemon} from '../source/facts/docker.js';
import {file} from '../source/facts/files.js';
import {
	asksForBridges,
	forwardedBy,
	forwarding,
	forwards,
	forwardsAtStart,
	withForwarding,
} from '../source/facts/forwarding.js';
import {packetFilter, tablesOf, type Tables} from '../source/facts/packet-filter/tables.js';
import {forgetFailures, restart} from '../source/facts/services.js';
import {doorOf} from '../source/facts/ufw-kernel.js';
import {ufwFiles, valueIn, withValue} from '../source/facts/ufw.js';
import {
	defineStep,
	type Argv,
	type Claim,
	type Context,
	type FileFact,
	type GuardedAction,
} from '../source/step.js';

type Facts = {readonly kernel4: Tables; readonly kernel6: Tables; readonly after: FileFact; readonly after6: FileFact; readonly hook: FileFact; readonly ufwSysctl: FileFact; readonly ufwDefaults: FileFact; readonly bridges: readonly string[]; readonly interfaces: readonly InterfaceAddress[]; readonly forwarding: boolean; readonly asksForBridges: boolean; readonly daemon: Daemon | undefined; readonly networks?: ReadonlyArray<readonly DockersWord[]>};

/** Whether Docker writes no rules of its own: then this does. */
const isOurs = ({all}: Context<any>): boolean => all['docker-behind-firewall']?.recipe === 'iptables-off';
const policies = {routes: 'DROP', accept: 'ACCEPT'} as const;
const policyOf = ({answers}: Context<any>): 'DROP' | 'ACCEPT' => policies[(answers as {forward: keyof typeof policies}).forward];
/** Whether whatever has no rule is passed on, to containers too. */
const isWide = (c: Context<any>): boolean => isOurs(c) && policyOf(c) === 'ACCEPT';

const isDocker = ({networks}: Facts) => isDockers(networks?.[0] ?? []);

/** Our rules in the firewall's files, by family. */
const sides = (facts: Facts) => families.map(family => {
	const rulesFile = family === 'v4' ? facts.after : facts.after6;
	const text = withRoutes(family, rulesFile, {
		named: (facts.networks?.[0] ?? []).map(({bridge}) => bridge).filter(name => !isDockersName(name) && facts.bridges.includes(name)),
		foreign: facts.bridges.filter(name => name.startsWith('br-') && !isDocker(facts)(name)),
		ranges: containerNetworks(facts).filter(({address}) => !pools.some(pool => covers(pool, address))).map(({range}) => range),
	});
	return {
		family, rulesFile, text, isStale: lacksRoutes(family, tablesOf(facts, family), text),
	};
});

/** Docker's rules that are still there though it writes none any more. */
const leftBehind = (facts: Facts) => families.flatMap(family => rulesLettingOut(family, tablesOf(facts, family), isDocker(facts)));

const isHooked = ({hook}: Facts): boolean => hook.content === withHook(hook) && (hook.mode & 0o100) !== 0;

/** Puts our rules into the firewall's files and into the kernel. */
const plansRoutes = (facts: Facts): readonly GuardedAction[] => {
	const all = sides(facts);
	const changed = all.filter(({rulesFile, text}) => rulesFile.content !== text);
	return [
		...changed.map(({family, rulesFile, text}): GuardedAction => ({
			do: 'write', because: family === 'v4' ? 'lets containers out and to each other' : 'lets containers of one network reach each other over IPv6 as well', file: rulesFile, content: text, mode: rulesFile.content === undefined ? 0o640 : rulesFile.mode,
		})),
		...changed.map(({family, rulesFile}): GuardedAction => ({
			do: 'run', because: 'reads it without loading it: with a mistake in it the firewall would not start any more', argv: tries(family, rulesFile.path), undo: [],
		})),
		...all.filter(({rulesFile, text, isStale}) => isStale || rulesFile.content !== text).map(({family, rulesFile}): GuardedAction => ({
			do: 'run', because: 'loads it at once and whole; no connection drops', argv: loads(family, rulesFile.path), undo: routesAsFound(family, tablesOf(facts, family)),
		})),
		...isHooked(facts) || !isForShell(facts.hook)
			? []
			: [{
				do: 'write', because: 'lets what containers send leave under the server\'s address, after each start of the firewall, which runs this script once it may be executed', file: facts.hook, content: withHook(facts.hook), mode: 0o755,
			} as const],
		...isMasking(facts.kernel4)
			? []
			: [{
				do: 'run', because: 'and from now on', argv: masking, undo: [notMasking],
			} as const],
	];
};

/** What is passed on where no rule speaks of it, in the firewall's settings and in the kernel. */
const policiesNow = (facts: Facts): ReadonlyArray<readonly [where: string, policy: string | undefined]> => [
	['the firewall\'s settings', valueIn(facts.ufwDefaults, 'DEFAULT_FORWARD_POLICY')],
	...families.map(family => [`the kernel over ${spoken[family]}`, forwardedBy(family, tablesOf(facts, family)).now] as const),
];

const plansPolicy = (facts: Facts, c: Context<any>): readonly GuardedAction[] => {
	const wanted = policyOf(c);
	const because = wanted === 'DROP' ? 'what nobody has a rule for is not passed on' : 'you chose that everything is passed on';
	const [settings] = policiesNow(facts)[0]!.slice(1);
	return [
		...settings === wanted
			? []
			: [{
				do: 'write', because, file: facts.ufwDefaults, content: withValue(facts.ufwDefaults.content ?? '', 'DEFAULT_FORWARD_POLICY', `DEFAULT_FORWARD_POLICY="${wanted}"`), mode: facts.ufwDefaults.mode,
			} as const],
		...families.flatMap((family): readonly GuardedAction[] => {
			const {now, sets} = forwardedBy(family, tablesOf(facts, family));
			return now === undefined || now === wanted ? [] : sets(wanted).map((change): GuardedAction => ({do: 'run', because, ...change}));
		}),
	];
};

/** Whether Docker's own rules are what is missing: nobody let it through before the chain's end. */
const lacksDockers = ({wrong}: Findings): boolean => wrong.some(({by}) => by === 'the policy of FORWARD' || by.startsWith('-A ufw'));

/** Docker's own rule by which a network's packets leave under the server's address. */
const masks = (verb: '-I' | '-D', bridge: string, range: string): Argv => ['iptables', '-t', 'nat', verb, 'POSTROUTING', '-s', range, '!', '-o', bridge, '-j', 'MASQUERADE'];

export default defineStep({
	id: 'containers-reach-out',
	title: 'Containers reach out',
	phase: 'Docker',
	why: 'A blog that cannot reach its mail server sends no mail; a site whose database is in another container needs that one. Your server passes on what containers send, and sees to it that answers find their way back; and it is to pass on no more than that.',
	lesson: `Somebody told Docker to write no firewall rules. Everything worked, for weeks. Then the server was restarted, and every site answered 503: nginx could not reach one container. Docker's old rules had stayed in the kernel's memory until then, and only the restart took them away. A mail server could not be reached any more, either.

They found DEFAULT_FORWARD_POLICY="ACCEPT", which made it work again, and asked what else that opens. This: your server passes on whatever anybody sends through it. Whoever is on its own network (the provider's other customers in some places, your other servers, guests of a VPN) reaches every port of every container, published or not, and every network of containers reaches every other. What the internet sees stays as it was, since nobody there can address a container.

So this step lets containers out and to each other by rules that say just that, and leaves the rest shut, unless you chose that everything is passed on. The rules stand in the firewall's own files, so a restart changes nothing.

How to see it:  sudo iptables -S FORWARD   and   sudo iptables -t nat -S POSTROUTING
From inside:    sudo docker run --rm alpine wget -qO- https://example.com
The way back:   dropwise undo SERVER containers-reach-out`,
	minutes: 1,
	needs: ['docker-behind-firewall'],
	guarded: true,
	asks: {
		forward: {
			question: 'What shall your server pass on between networks?',
			choices: [
				{
					value: 'routes', label: 'Only what a rule allows', note: 'recommended: enough for containers', explains: 'What containers send goes out, and to other containers of the same network. Whatever else comes to be passed on is dropped, unless you allow it with "ufw route allow".',
				},
				{
					value: 'accept', label: 'Everything', note: 'for a router; opens containers to neighbours', explains: 'For a server that is a router or a VPN for others (DEFAULT_FORWARD_POLICY="ACCEPT"). Whoever is on the same network as your server can send packets through it: its neighbours, your own other servers, guests of a VPN. Where Docker writes no rules they reach every port of every container, opened or not, and networks of containers reach each other. From the internet nothing more is open.',
				},
			],
			schema: z.enum(['routes', 'accept'], 'routes or accept'),
			default: () => 'routes' as const,
		},
	},

	look({info: {system}}) {
		const paths = ufwFiles(system);
		return {
			kernel4: packetFilter('v4'), kernel6: packetFilter('v6'), after: file(paths.after), after6: file(paths.after6), hook: file(paths.hook), ufwSysctl: file(paths.sysctl), ufwDefaults: file(paths.defaults), bridges, interfaces: interfaceAddresses, forwarding, asksForBridges, daemon, networkIds,
		};
	},

	/** Docker is asked where the kernel's word alone cannot be understood: bridges by other names, and networks that may have been made without a way out. */
	lookDeeper: (facts, {info}) => ({
		networks: facts.networkIds.length > 0 && (facts.bridges.some(name => !isDockersName(name)) || [shutIn(facts, doorOf('v4', info, facts.interfaces)), divided(facts)].some(({wrong}) => wrong.length > 0)) ? [inspectNetworks(facts.networkIds)] : [],
	}),

	plan(facts, c) {
		const door = doorOf('v4', c.info, facts.interfaces);
		const atStart = forwardsAtStart(facts.ufwSysctl);
		const actions: GuardedAction[] = [
			...atStart === '0' || (isOurs(c) && atStart !== '1')
				? [{
					do: 'write', because: 'otherwise the server would pass nothing on after the next start of the firewall', file: facts.ufwSysctl, content: withForwarding(facts.ufwSysctl), mode: facts.ufwSysctl.content === undefined ? 0o644 : facts.ufwSysctl.mode,
				} as const]
				: [],
			...facts.forwarding
				? []
				: [{
					do: 'run', because: 'the server passes nothing on, so no container gets out', argv: forwards(true), undo: [forwards(false)],
				} as const],
			...isOurs(c) ? plansRoutes(facts) : [],
			...plansPolicy(facts, c),
		];
		if (isOurs(c)) {
			return [...actions, ...leftBehind(facts).map(({argv, undo}): GuardedAction => ({
				do: 'run', because: 'Docker\'s old rule for the way out: ours stands for it, and stays', argv, undo: [undo],
			}))];
		}

		if (actions.length > 0) {
			return actions;
		}

		const anew: readonly GuardedAction[] = [
			{
				do: 'run', because: 'systemd refuses a start after three in a minute; this lets it forget them', argv: forgetFailures('docker'), undo: 'again',
			},
			{
				do: 'run', because: 'Docker writes its rules anew when it starts; containers go on meanwhile', argv: restart(c.info.system, 'docker'), undo: 'again',
			},
		];
		if ([shutIn(facts, door), divided(facts)].some(one => lacksDockers(one))) {
			return isKeeping(facts.daemon) ? [...anew, asksListFirst('v4')] : anew;
		}

		// Docker does not write this one of its rules for a network that it made while it was told to write none, and that containers have kept since.
		return unmasked(facts, door).map(({bridge, range}): GuardedAction => ({
			do: 'run', because: 'what containers send leaves under an address that no answer finds: the rule that Docker has for it is gone', argv: masks('-I', bridge, range), undo: [masks('-D', bridge, range)],
		}));
	},

	settle: 5,
	verify(facts, c) {
		const door = doorOf('v4', c.info, facts.interfaces);
		const atStart = forwardsAtStart(facts.ufwSysctl);
		const claim = (id: string, says: string, expected: string, wrong: readonly string[]): Claim => ({
			id, says, holds: wrong.length === 0, expected, actual: wrong.length === 0 ? expected : wrong.join('; '),
		});
		/** One about networks, of which some may be unknown. */
		const judged = (id: string, says: string, expected: string, {wrong, doubt}: Findings): Claim => (wrong.length === 0 && doubt !== undefined
			? {id, says, unknown: doubt}
			: claim(id, says, expected, wrong.map(({name, by}) => `${name}: ${by}`)));
		const policy = policyOf(c);
		const left = leftBehind(facts);
		return [
			claim('forwards', 'the server passes on what containers send', 'it does', [
				...facts.forwarding ? [] : ['it passes nothing on'],
				...atStart === '0' || (isOurs(c) && atStart !== '1') ? [`${facts.ufwSysctl.path} ${atStart === '0' ? 'switches it off' : 'does not switch it on'} when the firewall starts`] : [],
			]),
			judged('out', 'containers of every network get out to the internet, and answers find them', 'they do', shutIn(facts, door)),
			judged('within', 'containers of one network reach each other', 'they do', divided(facts)),
			...isWide(c)
				? []
				: [
					...containerNetworks(facts).length > 1 ? [judged('apart', 'containers of different networks do not reach each other', 'they do not', mixed(facts))] : [],
					judged('straight', 'nobody on the server\'s own network gets to a container by its own address', 'nobody', exposed(facts, door)),
				],
			claim('policy', policy === 'DROP' ? 'what no rule speaks of is not passed on' : `everything is passed on, as you chose${isWide(c) ? ', also to containers by their own addresses' : ''}`, policy, policiesNow(facts).filter(([, now]) => now !== policy).map(([where, now]) => `${now ?? 'not set'} in ${where}`)),
			...isOurs(c)
				? [
					claim('stays', 'it comes back with every start of the firewall', 'in the firewall\'s own files', [
						...sides(facts).filter(({rulesFile, text}) => rulesFile.content !== text).map(({rulesFile: {path}}) => `not as it should be in ${path}`),
						...isHooked(facts) ? [] : [isForShell(facts.hook) ? `not as it should be in ${facts.hook.path}` : `${facts.hook.path} is not for a shell, so it was left alone`],
					]),
					claim('ours', 'it is by rules that stay, and not by what Docker left behind', 'it is', [
						...sides(facts).filter(({isStale}) => isStale).map(({family}) => `the rules for containers are not all in the kernel over ${spoken[family]}`),
						...isMasking(facts.kernel4) ? [] : ['nothing leads to the rules about addresses'],
						...left.length > 0 ? [`${left.length} of Docker's rules are still there, such as ${left[0]!.rule}`] : [],
					]),
				]
				: [],
		];
	},
});
