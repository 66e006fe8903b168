import type {Netfilter} from '../state.js';

/** What Docker 26.1 writes into the kernel when it starts. */
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
export const writeChains = ({filter: rules, nat}: Netfilter): void => {
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
	const masquerade = '-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE';
	Object.assign(nat.chains, {
		DOCKER: ['-i docker0 -j RETURN'],
		PREROUTING: once(nat.chains.PREROUTING!, '-m addrtype --dst-type LOCAL -j DOCKER'),
		OUTPUT: once(nat.chains.OUTPUT!, '! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER'),
		POSTROUTING: [masquerade, ...nat.chains.POSTROUTING!.filter(rule => rule !== masquerade)],
	});
	nat.touched = true;
};

/** Rules with one that stands among them already, or comes last. */
const once = (rules: readonly string[], rule: string): readonly string[] => (rules.includes(rule) ? rules : [...rules, rule]);
