import {listeners, type Listener} from '../source/facts/listeners.js';
import {filter, guardsIncoming} from '../source/facts/netfilter.js';
import {opens, rulesIn, ufwFacts} from '../source/facts/ufw.js';
import {
	defineStep,
	type Claim,
	type Family,
	type FileFact,
} from '../source/step.js';
import {see, spoken} from '../source/witness/ports.js';

const families = ['v4', 'v6'] as const;

const reachable = (all: readonly Listener[]): readonly Listener[] => all.filter(({loopback}) => !loopback);
const portsOf = (all: readonly Listener[]): readonly number[] => [...new Set(reachable(all).map(({port}) => port))].toSorted((a, b) => a - b);
const programOf = (all: readonly Listener[], port: number): string => reachable(all).find(one => one.port === port)?.program ?? 'something';
const ufwSays = (family: Family, rules: FileFact, port: number): 'open' | 'closed' => (rulesIn(family, rules).some(rule => opens(rule, port)) ? 'open' : 'closed');

export default defineStep({
	id: 'seen-from-outside',
	title: 'Seen from outside',
	phase: 'Proof',
	why: 'What a firewall says of itself is one thing; whether a stranger gets in is another. For every door of your server this compares the list with what your own computer finds when it knocks.',
	lesson: `Somebody published a container's port, looked at "ufw status", saw it was not listed, and slept well. Docker had written its own rules in front of the firewall, and the whole internet could use it.

So nothing here believes the server: your computer knocks at each port, over IPv4 and IPv6, and says what it found. When nothing at all answers, it says so instead of calling it closed.

How to see it:  on the server  sudo ss -tlnp  lists the doors; from your own computer  nmap -Pn SERVER  knocks at them.`,
	minutes: 1,
	after: ['firewall'],
	guarded: false,

	look: ({ground}) => ({
		listening: listeners,
		kernel4: filter('v4'),
		kernel6: filter('v6'),
		...ufwFacts(ground.system),
	}),
	plan: () => [],

	verify({kernel4, kernel6, listening}) {
		const ports = portsOf(listening);
		const doors = `port${ports.length === 1 ? '' : 's'} ${ports.join(', ')}`;
		return [{
			id: 'a-firewall', says: `something decides who reaches ${ports.length === 0 ? 'this server' : doors}`, holds: guardsIncoming('v4', kernel4) && guardsIncoming('v6', kernel6), expected: 'the firewall', actual: guardsIncoming('v4', kernel4) ? (guardsIncoming('v6', kernel6) ? 'the firewall' : 'nobody over IPv6') : 'nobody',
		}];
	},

	async witness(outside, {listening, ufwRules, ufwRules6}, {ground}) {
		const ports = portsOf(listening);
		return Promise.all(ports.flatMap(port => families.map(async (family): Promise<Claim> => {
			const expected = ufwSays(family, family === 'v4' ? ufwRules : ufwRules6, port);
			const id = `port-${port}-${family}`;
			const says = `port ${port} (${programOf(listening, port)}) is ${expected} from where you sit, over ${spoken[family]}`;
			const seen = await see(outside, family, port, ground.sshdPort);
			return 'unknown' in seen
				? {id, says, unknown: seen.unknown}
				: {
					id, says, holds: seen.port === expected, expected: `${expected}, as the firewall says`, actual: seen.port === 'open' ? 'it answers' : 'it does not answer',
				};
		})));
	},
});
