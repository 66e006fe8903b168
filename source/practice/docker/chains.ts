import type {Ruleset} from '../state.js';

/** What Docker 26.1 writes into the filter table when it starts. Its nat table is not modelled. */
const user = 'DOCKER-USER';
const [first, second] = ['DOCKER-ISOLATION-STAGE-1', 'DOCKER-ISOLATION-STAGE-2'];
const forward = [
	`-j ${user}`,
	`-j ${first}`,
	'-o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
	'-o docker0 -j DOCKER',
	'-i docker0 ! -o docker0 -j ACCEPT',
	'-i docker0 -o docker0 -j ACCEPT',
];

/** Puts its own rules in front of everybody's, and leaves alone what stands in DOCKER-USER: it only sees to it that one comes back from there. */
export const writeChains = (rules: Ruleset): void => {
	const comesBack = '-j RETURN';
	const found = rules.chains[user] ?? [];
	Object.assign(rules.chains, {
		DOCKER: [],
		[first]: [`-i docker0 ! -o docker0 -j ${second}`, comesBack],
		[second]: ['-o docker0 -j DROP', comesBack],
		[user]: found.includes(comesBack) ? found : [...found, comesBack],
		FORWARD: [...forward, ...rules.chains.FORWARD!.filter(rule => !forward.includes(rule))],
	});
	rules.touched = true;
};
