import {z} from 'zod';
import {
	families, familyOf, interfaceAddresses, spoken, type InterfaceAddress,
} from '../source/facts/addresses.js';
import {file} from '../source/facts/files.js';
import {limitedTo, listedForUs} from '../source/facts/own-way.js';
import {describe, type Opening} from '../source/facts/packet-filter/strangers.js';
import {ip6tablesErrs, packetFilter, tablesOf, type Tables} from '../source/facts/packet-filter/tables.js';
import {
	nftTable,
	nftTables,
} from '../source/facts/packet-filter/nft-tables.js';
import {
	judgeKinds, otherKinds, takesOutOthers, type OtherKind,
} from '../source/facts/packet-filter/other-kind.js';
import {installed} from '../source/facts/packages.js';
import {startsAtBoot} from '../source/facts/services.js';
import {effectiveFor, sshPorts, type Effective} from '../source/facts/sshd.js';
import {
	allow,
	deleteRule,
	isWithin,
	opens,
	opensToAll,
	refusedFirst,
	rulesIn,
	spell,
	ufwFacts,
	ufwFiles,
	valueIn,
	webPorts,
	withValue,
	type UfwRule,
} from '../source/facts/ufw.js';
import {judgeAsked, leadsToUfw} from '../source/facts/ufw-chains.js';
import {
	barsUnlisted,
	doorOf,
	isShutByOthers,
	isStale,
	othersInTheWay,
	pastList,
	shutAt,
} from '../source/facts/ufw-kernel.js';
import {startsAgain, upstartOverride} from '../source/facts/ufw-start.js';
import {
	defineStep,
	type Claim,
	type Context,
	type Family,
	type FileFact,
	type GuardedAction,
} from '../source/step.js';
import {see} from '../source/witness/ports.js';

/** What websites need. */
const web = new Set(webPorts);

type Facts = {readonly ufwRules: FileFact; readonly ufwRules6: FileFact; readonly ufwConf: FileFact; readonly ufwDefaults: FileFact; readonly kernel4: Tables; readonly kernel6: Tables; readonly tool6: string | undefined; readonly nftNames: {readonly broken?: string}; readonly nft?: ReadonlyArray<string | undefined>; readonly others: readonly OtherKind[]; readonly interfaces: readonly InterfaceAddress[]; readonly sshd: Effective; readonly boots: boolean; readonly isInstalled: boolean};

const wantedPorts = (facts: Facts, {info, answers}: Context<any>): readonly number[] =>
	[...new Set([...sshPorts(info, facts.sshd), ...web, ...(answers as {alsoOpen: number[]}).alsoOpen])];

const rulesOf = ({ufwRules, ufwRules6}: Facts): readonly UfwRule[] => [...rulesIn('v4', ufwRules), ...rulesIn('v6', ufwRules6)];
/** Why there can be no firewall over IPv6. */
const noIpv6 = ({kernel6, tool6}: Facts): string | undefined => kernel6.broken ?? tool6;
/** The kinds of addresses that a firewall can be had for: where the kernel's IPv6 tool errs the other goes on without it. */
const usable = (facts: Facts): readonly Family[] => (noIpv6(facts) === undefined ? families : ['v4']);
/** The kernel's rules of a family, and the door that they guard. */
const guarded = (facts: Facts, {info}: Context<any>, family: Family) => [tablesOf(facts, family), doorOf(family, info, facts.interfaces)] as const;

/** The rule by which SSH is open for us and not for everybody. It stays: nothing is opened wider than it was found. */
const limit = (facts: Facts, {info}: Context<any>, port: number): UfwRule | undefined => (port === info.sshdPort ? limitedTo(rulesOf(facts), port, info) : undefined);
const isOpen = (facts: Facts, c: Context<any>, port: number): boolean =>
	limit(facts, c, port) !== undefined || usable(facts).every(family => rulesOf(facts).some(rule => rule.family === family && opens(rule, port)));
const unwanted = (rules: readonly UfwRule[], ports: readonly number[]): readonly UfwRule[] => rules.filter(rule => opensToAll(rule) && !isWithin(rule, ports));

const isOn = (facts: Facts): boolean => valueIn(facts.ufwConf, 'ENABLED') === 'yes';
/** For whom SSH is open where that is us and not everybody, by the list or by rules of somebody's own before it. */
const narrow = (facts: Facts, c: Context<any>, port: number): {readonly family: Family; readonly to: string} | undefined => {
	const rule = limit(facts, c, port);
	const [family, {from}] = [familyOf(c.info.from), c.info];
	const isOthers = (): boolean => port === c.info.sshdPort && isShutByOthers(shutAt(...guarded(facts, c, family), port)) && shutAt(...guarded(facts, c, family), port, from) === undefined;
	return rule ? {family: rule.family, to: rule.from} : isOthers() ? {family, to: from} : undefined;
};

/** Why a listed port is shut in the kernel all the same: to everybody, or to us where it is for us alone. */
const shutBy = (facts: Facts, c: Context<any>, port: number) => {
	const ours = narrow(facts, c, port);
	return (ours ? [ours.family] : usable(facts)).map(family => shutAt(...guarded(facts, c, family), port, ours && c.info.from)).filter(shut => shut !== undefined);
};

const ipv6 = (facts: Facts): 'yes' | 'no' => (usable(facts).includes('v6') ? 'yes' : 'no');
const wantedDefaults = (facts: Facts): string =>
	withValue(withValue(facts.ufwDefaults.content ?? '', 'IPV6', `IPV6=${ipv6(facts)}`), 'DEFAULT_INPUT_POLICY', 'DEFAULT_INPUT_POLICY="DROP"');
const refuses = (policy: string | undefined): boolean => policy === 'DROP' || policy === 'REJECT';
/** What gets in past the list, as a claim. */
const toldOf = (past: readonly Opening[]): Claim => {
	const claim = {id: 'nothing-past', says: 'nothing gets in past the list'};
	const {found, doubt} = describe(past);
	return found.length === 0 && doubt !== undefined
		? {...claim, unknown: doubt}
		: {
			...claim, holds: found.length === 0, expected: 'nothing', actual: found.length === 0 ? 'nothing' : found.join('; '),
		};
};

export default defineStep({
	id: 'firewall',
	title: 'Close every door but three',
	phase: 'Firewall',
	why: 'Every program that listens on your server is a door (a port, which has a number) to the whole internet, also those you do not know of. The list of who may come in (the firewall, ufw) shuts all of them but SSH and the two that websites need, for both kinds of address there are (IPv4 and IPv6).',
	lesson: `Somebody switched the firewall on before allowing SSH. The line went quiet in the middle of a word, and only the provider's console helped. Somebody else allowed port 22 while their SSH listened on 2222.

So this step finds SSH's real port first, allows it, switches the firewall on, and comes back over a new connection. If it cannot, the server puts everything back by itself.

How to see it:  sudo ufw status verbose
Who really decides is the kernel:  sudo iptables -S INPUT  and  sudo ip6tables -S INPUT
The way back:   sudo ufw disable`,
	minutes: 1,
	after: ['ssh-keys-only'],
	guarded: true,
	asks: {
		alsoOpen: {
			question: 'Which ports should be open besides SSH, 80 and 443?',
			explain: 'Numbers with commas between them, or none. Whatever listens on them can be reached by everybody.',
			schema: z.array(z.int('a port number such as 8080').min(1, 'a port number from 1 to 65535').max(65_535, 'a port number from 1 to 65535')).max(64, 'no more than 64 ports'),
			default: (): number[] => [],
		},
	},

	look: ({info}) => ({
		...ufwFacts(info.system),
		kernel4: packetFilter('v4'),
		kernel6: packetFilter('v6'),
		tool6: ip6tablesErrs,
		nftNames: nftTables,
		interfaces: interfaceAddresses,
		sshd: effectiveFor('root', info.from),
		boots: startsAtBoot(info.system, 'ufw'),
		isInstalled: installed('ufw'),
		override: file(upstartOverride),
	}),

	lookDeeper: facts => ({nft: facts.nftNames.names.map(name => nftTable(name)), others: otherKinds(facts, facts.nftNames.own)}),

	packages: ({isInstalled}) => (isInstalled ? [] : ['ufw']),

	plan(facts, c) {
		const paths = ufwFiles(c.info.system);
		const ruleFiles = [paths.rules, paths.rules6];
		const rules = rulesOf(facts);
		const ports = wantedPorts(facts, c);
		/** Those that are for everybody. */
		const wide = ports.filter(port => narrow(facts, c, port) === undefined);
		const actions: GuardedAction[] = [];
		// Not installed yet: the package's own settings are what is wanted, and come with it.
		const settings = facts.ufwDefaults.content === undefined || (valueIn(facts.ufwDefaults, 'IPV6') === ipv6(facts) && refuses(valueIn(facts.ufwDefaults, 'DEFAULT_INPUT_POLICY')));
		if (!settings) {
			actions.push({
				do: 'write', because: ipv6(facts) === 'yes' ? 'whatever is not on the list stays out, over IPv6 too' : 'whatever is not on the list stays out; IPv6 has to wait until its tool works', file: facts.ufwDefaults, content: wantedDefaults(facts), mode: facts.ufwDefaults.mode,
			});
		}

		for (const port of ports.filter(one => !isOpen(facts, c, one))) {
			actions.push({
				do: 'run',
				because: sshPorts(c.info, facts.sshd).includes(port) ? 'keeps your own way in open, before anything is shut' : web.has(port) ? 'lets visitors reach your websites' : 'you listed it',
				argv: allow(port),
				touches: ruleFiles,
				undo: [['ufw', 'delete', ...allow(port).slice(1)] as unknown as readonly [string, ...string[]]],
			});
		}

		// ufw deletes the v4 and the v6 half of a rule with one command.
		const extra = new Map([...unwanted(rules, ports), ...refusedFirst(rules, wide)].map(rule => [deleteRule(rule).join(' '), rule]));
		for (const rule of extra.values()) {
			actions.push({
				do: 'run', because: opensToAll(rule) ? `somebody opened ${rule.app ?? rule.port}, which is not on your list` : 'it stands on the list before what lets visitors in, so that nobody gets that far', argv: deleteRule(rule), touches: ruleFiles, undo: [['ufw', ...spell(rule)]],
			});
		}

		// These first: what shuts everything out is switched on behind them.
		const led = usable(facts).map(family => leadsToUfw(family, facts));
		actions.push(...led.flatMap(one => one.actions), ...takesOutOthers(facts.others, facts.kernel4));
		if (!isOn(facts)) {
			actions.push({
				do: 'run', because: 'switches the firewall on, now and at every start', argv: ['ufw', '--force', 'enable'], touches: [paths.conf], undo: [['ufw', 'disable']],
			});
		} else if (!settings || led.some(({remakes}) => remakes) || usable(facts).some(family => isStale(...guarded(facts, c, family), wide.filter(one => isOpen(facts, c, one)), rules)) || ports.some(one => limit(facts, c, one) !== undefined && shutBy(facts, c, one).length > 0)) {
			actions.push({
				do: 'run', because: 'the kernel does not go by the list: loads it again', argv: ['ufw', 'reload'], undo: 'again',
			});
		}

		for (const family of usable(facts)) {
			for (const {rule, isShutting, argv, undo} of othersInTheWay(...guarded(facts, c, family), wide, rules)) {
				actions.push({
					do: 'run', because: isShutting ? `"${rule}" shuts what is on the list` : `"${rule}" lets something in past the firewall`, argv, undo: [undo],
				});
			}
		}

		return facts.isInstalled ? [...actions, ...startsAgain(facts, c.info)] : actions;
	},

	verify(facts, c) {
		const rules = rulesOf(facts);
		const ports = wantedPorts(facts, c);
		const extra = [...new Set(unwanted(rules, ports).map(rule => `ufw ${spell(rule).join(' ')}`))];
		const past = usable(facts).flatMap(family => pastList(...guarded(facts, c, family), rules));
		const policy = valueIn(facts.ufwDefaults, 'DEFAULT_INPUT_POLICY');
		const off = isOn(facts) ? undefined : facts.isInstalled ? 'the firewall is off' : 'there is no firewall';
		const barred = {v4: barsUnlisted(...guarded(facts, c, 'v4')), v6: barsUnlisted(...guarded(facts, c, 'v6'))};
		/** What a list promises is nothing where nobody goes by it: no tick for it then. */
		const promise = (claim: Claim, ...over: readonly Family[]): Claim => {
			const idle = off ?? (over.every(family => !('holds' in barred[family]) || barred[family].holds || !usable(facts).includes(family)) ? undefined : 'the kernel does not go by the list');
			return idle === undefined || 'unknown' in claim ? claim : {...claim, holds: false, actual: idle};
		};

		const broken = noIpv6(facts);
		const kernel = (id: string, family: Family): Claim => {
			const says = `the kernel goes by it over ${spoken[family]}`;
			const bars = barred[family];
			const unknown = family === 'v6' && broken !== undefined ? broken : 'unknown' in bars ? bars.unknown : undefined;
			const expected = 'what is not listed is refused';
			return unknown === undefined
				? {
					id, says, holds: !('by' in bars), expected, actual: 'by' in bars ? `it lets in whatever comes, by ${bars.by}` : expected,
				}
				: {id, says, unknown};
		};

		return [
			{
				id: 'on', says: 'the firewall is on', holds: isOn(facts), expected: 'on', actual: facts.isInstalled ? (isOn(facts) ? 'on' : 'off') : 'not installed',
			},
			{
				id: 'boot', says: 'it comes back after a reboot', holds: isOn(facts) && facts.boots, expected: 'yes', actual: isOn(facts) && facts.boots ? 'yes' : 'no',
			},
			promise({
				id: 'default', says: 'what is not on the list stays out', holds: refuses(policy), expected: 'DROP', actual: policy ?? 'not set',
			}, 'v4', 'v6'),
			broken === undefined
				? promise({
					id: 'ipv6', says: 'the list holds for IPv6 too', holds: valueIn(facts.ufwDefaults, 'IPV6') === 'yes', expected: 'yes', actual: valueIn(facts.ufwDefaults, 'IPV6') ?? 'not set',
				}, 'v6')
				: {id: 'ipv6', says: 'the list holds for IPv6 too', unknown: broken},
			kernel('kernel-v4', 'v4'),
			kernel('kernel-v6', 'v6'),
			promise(judgeAsked(usable(facts), facts)),
			...c.info.system.twoKindsOfRules ? [judgeKinds(facts.others, facts.kernel4)] : [],
			...ports.map((port): Claim => {
				const ours = narrow(facts, c, port);
				const says = `port ${port} is on the list${sshPorts(c.info, facts.sshd).includes(port) ? ': your own way in' : ''}`;
				const expected = ours ? `open to ${ours.to}` : 'open to everybody';
				const [shut] = isOpen(facts, c, port) ? shutBy(facts, c, port) : [];
				const unknown = shut && 'unknown' in shut ? shut.unknown : (facts.nftNames.broken ?? facts.nft?.find(doubt => doubt !== undefined));
				const found = shut && 'by' in shut ? (shut.whose === 'ufw' ? 'listed, but the kernel does not let it in' : `shut before that is asked: ${shut.by}`) : expected;
				const actual = isOpen(facts, c, port) ? found : 'not listed';
				return promise(actual === expected && unknown !== undefined
					? {id: `open-${port}`, says, unknown}
					: {
						id: `open-${port}`, says, holds: actual === expected, expected, actual,
					});
			}),
			promise({
				id: 'nothing-else', says: 'nothing else is open to everybody', holds: extra.length === 0, expected: 'nothing else', actual: extra.length === 0 ? 'nothing else' : extra.join('; '),
			}, 'v4', 'v6'),
			promise(toldOf(past), 'v4', 'v6'),
		];
	},

	settle: 5,
	async witness(outside, facts, c) {
		const {info} = c;
		const port = info.sshdPort;
		return Promise.all(families.map(async (family): Promise<Claim> => {
			const ours = isOn(facts) ? narrow(facts, c, port) : undefined;
			const expected = ours === undefined ? 'open' : limit(facts, c, port) ? listedForUs(rulesOf(facts), family, port, info) : ours.family === family ? 'open' : undefined;
			const says = `SSH ${expected === 'closed' ? 'does not answer' : 'answers'} on port ${port} over ${spoken[family]} from where you sit`;
			if (expected === undefined) {
				return {id: `ssh-${family}`, says, unknown: `it is open for some addresses alone, and yours over ${spoken[family]} is not known`};
			}

			const seen = await see(outside, family, port, port);
			return 'unknown' in seen
				? {id: `ssh-${family}`, says, unknown: seen.unknown}
				: {
					id: `ssh-${family}`, says, holds: seen.port === expected, expected, actual: seen.port,
				};
		}));
	},
});
