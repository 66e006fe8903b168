/** The list that Docker asks, chain DOCKER-USER: what is wrong with it, and what mends it. */
import type {
	Claim, Family, FileFact, GuardedAction,
} from '../step.js';
import {
	families, spoken,
} from './addresses.js';
import type {DockersWord} from './container-networks.js';
import type {Daemon} from './docker.js';
import {
	asFound,
	asked,
	asksFirst,
	asksNoMore,
	lacks,
	letsMore,
	loads,
	namedIn,
	tries,
	unusualOf,
	wanted,
	withRules,
	type Purpose,
} from './docker-user.js';
import type {Tables} from './packet-filter/tables.js';

type Facts = {readonly kernel4: Tables; readonly kernel6: Tables; readonly after: FileFact; readonly after6: FileFact; readonly bridges: readonly string[]; readonly daemon: Daemon | undefined; readonly networks?: ReadonlyArray<readonly DockersWord[]>};

/** What is found and what is wanted, by family. */
const sides = (facts: Facts, ports: readonly number[]) => families.map(family => {
	const [table, rulesFile] = family === 'v4' ? [facts.kernel4.filter, facts.after] : [facts.kernel6.filter, facts.after6];
	// Docker's rules may have been thrown out: then its word counts. Where it does not run, what is known of its bridges stands in our list.
	const known = facts.daemon === undefined ? namedIn(rulesFile) : (facts.networks?.[0] ?? []).map(({bridge}) => bridge).filter(name => facts.bridges.includes(name));
	const rules = wanted(family, ports, unusualOf(facts.bridges, [facts.kernel4.filter, facts.kernel6.filter], known));
	return {
		family, table, rulesFile, rules, text: withRules(rulesFile, rules), lacking: lacks(table, rules), more: letsMore(table, rules), asks: asked(table),
	};
});
type Side = ReturnType<typeof sides>[number];

const isAsked = ({family, asks}: Side): boolean => asks === 'first' || (family === 'v6' && asks === 'no-rules');

const found: Readonly<Record<Side['asks'], string>> = {
	first: 'first', late: 'after others that let it in', never: 'never: Docker lets it in itself', 'no-rules': 'never: Docker has no rules there',
};

/** Puts the way to the list in front of whatever else there is. */
export const asksListFirst = (family: Family): GuardedAction => ({
	do: 'run', because: `lets Docker ask the list before it lets anything in over ${spoken[family]}`, argv: asksFirst(family), undo: [asksNoMore(family)],
});

/** What is to be done for a list with these ports. `anew`: what lets Docker write its rules anew, which may put them in front of the way to the list. */
export const mendList = (facts: Facts, ports: readonly number[], anew: readonly GuardedAction[] = []): readonly GuardedAction[] => {
	const all = sides(facts, ports);
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
		...anew,
		...all.filter(side => !isAsked(side)).map(({family}) => asksListFirst(family)),
	];
};

/** Whether the list holds with these ports. */
export const judgeList = (facts: Facts, ports: readonly number[]): readonly Claim[] => {
	const all = sides(facts, ports);
	const lacking = (...purposes: readonly Purpose[]): readonly string[] => all.flatMap(side => purposes.flatMap(purpose => side.lacking.get(purpose) ?? []));
	// Where nothing is closed there is no list to speak of, and to name each of its rules would only frighten.
	const bare = all.filter(({rules, lacking: missing}) => missing.get('closed')?.length === rules.filter(one => one.for === 'closed').length).map(({family}) => family);
	const nowhere = bare.length === 0 ? undefined : `there is no list for containers${bare.length === all.length ? '' : ` over ${bare.map(family => spoken[family]).join(', ')}`}`;
	const kernel = (id: string, says: string, expected: string, missing: readonly string[]): Claim => ({
		id, says, holds: missing.length === 0, expected, actual: missing.length === 0 ? expected : nowhere ?? `the kernel lacks "${[...new Set(missing)].join('", "')}"`,
	});
	const more = [...new Set(all.flatMap(side => side.more))];
	const stray = all.filter(({rulesFile, text}) => rulesFile.content !== text).map(({rulesFile: {path}}) => path);
	return [
		...all.map((side): Claim => ({
			id: `asked-${side.family}`, says: `what comes in for a container over ${spoken[side.family]} is compared with your list first`, holds: isAsked(side), expected: 'first', actual: found[side.asks],
		})),
		...all.map((side): Claim => kernel(`closed-${side.family}`, `what containers publish, and the direct way to them, is closed over ${spoken[side.family]} unless you listed it`, 'closed', side.lacking.get('closed') ?? [])),
		...ports.map((port): Claim => kernel(`open-${port}`, `port ${port} is open for containers as for everything else`, 'open', lacking(`open-${port}`))),
		kernel('own', 'what is published for the server itself no other machine reaches, not even one on the same network', 'closed to others', lacking('own')),
		kernel('trust', 'your list does not stand between containers, nor in their way out', 'it does not', lacking('trust', 'end')),
		{
			id: 'nothing-more', says: 'nothing lets in more than your list', holds: nowhere === undefined && more.length === 0, expected: 'nothing', actual: nowhere ?? (more.length === 0 ? 'nothing' : more.join('; ')),
		},
		{
			id: 'stays', says: 'it comes back with every start of the firewall', holds: stray.length === 0, expected: 'in the firewall\'s own files', actual: stray.length === 0 ? 'in the firewall\'s own files' : `not as it should be in ${stray.join(', ')}`,
		},
	];
};
