import {isShown, published} from '../source/facts/docker.js';
import {
	asFound,
	asked,
	asksFirst,
	asksNoMore,
	bridges,
	chain,
	lacks,
	letsMore,
	loads,
	tries,
	unusualOf,
	wanted,
	withRules,
	type Purpose,
} from '../source/facts/docker-user.js';
import {file} from '../source/facts/files.js';
import {packetFilter, type Tables} from '../source/facts/packet-filter/tables.js';
import {ufwFiles, webPorts} from '../source/facts/ufw.js';
import {
	defineStep,
	type Claim,
	type Context,
	type Family,
	type FileFact,
	type GuardedAction,
} from '../source/step.js';
import {see, spoken} from '../source/witness/ports.js';

const families = ['v4', 'v6'] as const;

type Facts = {readonly kernel4: Tables; readonly kernel6: Tables; readonly after: FileFact; readonly after6: FileFact; readonly bridges: readonly string[]};

/** The list of the firewall step, without SSH: that is the server's own. */
const portsFor = ({all}: Context<any>): readonly number[] => [...new Set([...webPorts, ...(all.firewall?.alsoOpen ?? []) as readonly number[]])].toSorted((a, b) => a - b);

/** What is found and what is wanted, by family. */
const sides = (facts: Facts, c: Context<any>) => families.map(family => {
	const [table, rulesFile] = family === 'v4' ? [facts.kernel4.filter, facts.after] : [facts.kernel6.filter, facts.after6];
	const rules = wanted(family, portsFor(c), unusualOf(facts.bridges, [facts.kernel4.filter, facts.kernel6.filter]));
	return {
		family, table, rulesFile, rules, text: withRules(rulesFile, rules), lacking: lacks(table, rules), more: letsMore(table, rules), asks: asked(table),
	};
});
type Side = ReturnType<typeof sides>[number];

const isAsked = ({family, asks}: Side): boolean => asks === 'first' || (family === 'v6' && asks === 'no-rules');

const found: Readonly<Record<Side['asks'], string>> = {
	first: 'first', late: 'after others that let it in', never: 'never: Docker lets it in itself', 'no-rules': 'never: Docker has no rules there',
};

export default defineStep({
	id: 'docker-behind-firewall',
	title: 'Docker goes through the firewall',
	phase: 'Docker',
	why: 'You told the firewall which doors are open. Docker does not ask it: it writes its own rules in front, and a container that publishes a port is open to the whole world, while "ufw status" says nothing of it.',
	lesson: `Somebody ran a manager for their containers on a published port, behind a password that nginx asked for. Docker had opened the port in front of the firewall, so whoever knew the port never met nginx, nor its password.

Docker leaves one place for your own rules, a chain called ${chain}, and asks it before it lets anything in. This step fills it: whatever is published is closed, but for the same ports that the firewall's list has open. A port counts as you publish it, left of the colon: with "-p 8080:80" that is 8080. The rules stand in the firewall's own files, so they are there before Docker starts, after each reload and each reboot. Containers still reach each other and the internet.

To open one more port, add it to the firewall's list in dropwise: then it is open for containers, too.

How to see it:  sudo iptables -S ${chain}
From outside:   nmap -Pn SERVER
The way back:   dropwise undo SERVER docker-behind-firewall`,
	minutes: 1,
	needs: ['firewall', 'docker'],
	guarded: true,

	look({info: {system}}) {
		const paths = ufwFiles(system);
		return {
			kernel4: packetFilter('v4'), kernel6: packetFilter('v6'), after: file(paths.after), after6: file(paths.after6), bridges, published,
		};
	},

	plan(facts, c) {
		const all = sides(facts, c);
		const changed = all.filter(({rulesFile, text}) => rulesFile.content !== text);
		const stale = all.filter(side => changed.includes(side) || side.lacking.size > 0 || side.more.length > 0);
		return [
			...changed.map(({family, rulesFile, text}): GuardedAction => ({
				do: 'write', because: `closes what containers publish over ${spoken[family]}, unless it is on your list`, file: rulesFile, content: text, mode: rulesFile.content === undefined ? 0o640 : rulesFile.mode,
			})),
			...changed.map(({family, rulesFile}): GuardedAction => ({
				do: 'run', because: 'reads it without loading it: with a mistake in it the firewall would not start any more', argv: tries(family, rulesFile.path), undo: [],
			})),
			...stale.map(({family, table, rulesFile, more}): GuardedAction => ({
				do: 'run', because: more.length > 0 ? `loads it, and sets aside what lets in more: ${more.join('; ')}` : 'loads it at once and whole; no connection drops', argv: loads(family, rulesFile.path), undo: asFound(family, table),
			})),
			...all.filter(side => !isAsked(side)).map(({family}): GuardedAction => ({
				do: 'run', because: `Docker does not ask the list first over ${spoken[family]}`, argv: asksFirst(family), undo: [asksNoMore(family)],
			})),
		];
	},

	settle: 5,
	verify(facts, c) {
		const all = sides(facts, c);
		const lacking = (...purposes: readonly Purpose[]): readonly string[] => all.flatMap(side => purposes.flatMap(purpose => side.lacking.get(purpose) ?? []));
		// Where nothing is closed there is no list to speak of, and to name each of its rules would only frighten.
		const isBare = all.every(({rules, lacking: missing}) => missing.get('closed')?.length === rules.filter(one => one.for === 'closed').length);
		const kernel = (id: string, says: string, expected: string, missing: readonly string[]): Claim => ({
			id, says, holds: missing.length === 0, expected, actual: missing.length === 0 ? expected : isBare ? 'there is no list for containers' : `the kernel lacks "${[...new Set(missing)].join('", "')}"`,
		});
		const more = all.flatMap(side => side.more);
		const stray = all.filter(({rulesFile, text}) => rulesFile.content !== text).map(({rulesFile: {path}}) => path);
		return [
			...all.map((side): Claim => ({
				id: `asked-${side.family}`, says: `what comes in for a container over ${spoken[side.family]} is compared with your list first`, holds: isAsked(side), expected: 'first', actual: found[side.asks],
			})),
			...all.map((side): Claim => kernel(`closed-${side.family}`, `what containers publish is closed over ${spoken[side.family]} unless you listed it`, 'closed', side.lacking.get('closed') ?? [])),
			...portsFor(c).map((port): Claim => kernel(`open-${port}`, `port ${port} is open for containers as for everything else`, 'open', lacking(`open-${port}`))),
			kernel('own', 'what is published for the server itself no other machine reaches, not even one on the same network', 'closed to others', lacking('own')),
			kernel('trust', 'your list does not stand between containers, nor in their way out', 'it does not', lacking('trust', 'end')),
			{
				id: 'nothing-more', says: 'nothing lets in more than your list', holds: more.length === 0, expected: 'nothing', actual: more.length === 0 ? 'nothing' : more.join('; '),
			},
			{
				id: 'stays', says: 'it comes back with every start of the firewall', holds: stray.length === 0, expected: 'in the firewall\'s own files', actual: stray.length === 0 ? 'in the firewall\'s own files' : `not as it should be in ${stray.join(', ')}`,
			},
		];
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
