import type {
	Container, DockerNetwork, Netfilter, Ruleset,
} from '../state.js';

/** What Docker 26.1 writes into the kernel, each rule where it writes it (L). The rules of others stay where they are. */
const user = 'DOCKER-USER';
const [first, second] = ['DOCKER-ISOLATION-STAGE-1', 'DOCKER-ISOLATION-STAGE-2'];
const comesBack = '-j RETURN';
const jumps = {user: `-j ${user}`, isolation: `-j ${first}`} as const;

/** Puts rules in front of a chain, but for those that are there. */
const putFirst = (rules: Ruleset, chain: string, wanted: readonly string[]): void => {
	const found = rules.chains[chain] ?? [];
	rules.chains[chain] = [...wanted.filter(rule => !found.includes(rule)), ...found];
};

const putLast = (rules: Ruleset, chain: string, rule: string): void => {
	const found = rules.chains[chain] ?? [];
	rules.chains[chain] = found.includes(rule) ? found : [...found, rule];
};

const takeOut = (rules: Ruleset, chain: string, unwanted: readonly string[]): void => {
	rules.chains[chain] = (rules.chains[chain] ?? []).filter(rule => !unwanted.includes(rule));
};

type Place = readonly [table: keyof Netfilter, chain: string, rules: readonly string[]];

/** The rules of a network: each group stands in front of its chain. Of one that does not mask, those about addresses are not written. */
const rulesOfNetwork = ({bridge, range, internal, masks}: DockerNetwork): readonly Place[] => (internal
	? [
		['filter', 'FORWARD', [`-i ${bridge} -o ${bridge} -j ACCEPT`]],
		['filter', first, [`! -s ${range} -o ${bridge} -j DROP`, `! -d ${range} -i ${bridge} -j DROP`]],
	]
	: [
		['filter', 'FORWARD', [
			`-o ${bridge} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
			`-o ${bridge} -j DOCKER`,
			`-i ${bridge} ! -o ${bridge} -j ACCEPT`,
			`-i ${bridge} -o ${bridge} -j ACCEPT`,
		]],
		['filter', first, [`-i ${bridge} ! -o ${bridge} -j ${second}`]],
		['filter', second, [`-o ${bridge} -j DROP`]],
		['nat', 'DOCKER', masks ? [`-i ${bridge} -j RETURN`] : []],
		['nat', 'POSTROUTING', masks ? [`-s ${range} ! -o ${bridge} -j MASQUERADE`] : []],
	]);

const writeNetwork = (tables: Netfilter, network: DockerNetwork): void => {
	for (const [table, chain, rules] of rulesOfNetwork(network)) {
		putFirst(tables[table], chain, rules);
	}
};

/** A network goes, and its rules with it. */
export const dropNetwork = (tables: Netfilter, network: DockerNetwork): void => {
	for (const [table, chain, rules] of rulesOfNetwork(network)) {
		takeOut(tables[table], chain, rules);
	}
};

const putOnTop = ({chains}: Ruleset, ...rules: readonly string[]): void => {
	chains.FORWARD = [...rules, ...chains.FORWARD!.filter(rule => !rules.includes(rule))];
};

/** A network is made while the daemon runs: its rules, and the lists that are asked before. */
export const addNetwork = (tables: Netfilter, network: DockerNetwork): void => {
	writeNetwork(tables, network);
	putLast(tables.filter, user, comesBack);
	putOnTop(tables.filter, jumps.user, jumps.isolation);
};

/** UDP first, and the highest port first (L). */
const sorted = ({shown}: Container) => shown.toSorted((a, b) => (a.protocol === b.protocol ? b.inside - a.inside : a.protocol === 'udp' ? -1 : 1));

/** The rules by which what comes for a container's ports gets to it: each stands last in its chain. */
const rulesOfContainer = (container: Container, {bridge}: DockerNetwork): readonly Place[] => sorted(container).flatMap(({protocol, address, port, inside}): readonly Place[] => {
	const to = container.address!;
	const asked = `-p ${protocol} -m ${protocol} --dport`;
	return [
		['nat', 'DOCKER', [`${address === '0.0.0.0' ? '' : `-d ${address}/32 `}! -i ${bridge} ${asked} ${port} -j DNAT --to-destination ${to}:${inside}`]],
		['filter', 'DOCKER', [`-d ${to}/32 ! -i ${bridge} -o ${bridge} ${asked} ${inside} -j ACCEPT`]],
		['nat', 'POSTROUTING', [`-s ${to}/32 -d ${to}/32 ${asked} ${inside} -j MASQUERADE`]],
	];
});

export const showContainer = (tables: Netfilter, container: Container, network: DockerNetwork): void => {
	for (const [table, chain, rules] of rulesOfContainer(container, network)) {
		for (const rule of rules) {
			putLast(tables[table], chain, rule);
		}
	}
};

export const hideContainer = (tables: Netfilter, container: Container, network: DockerNetwork): void => {
	for (const [table, chain, rules] of rulesOfContainer(container, network)) {
		takeOut(tables[table], chain, rules);
	}
};

/**
What the daemon writes when it starts. `networks`: the one of its own first, then the others as they were made; `isKept`: whether containers went on without it.

What stands in DOCKER-USER it leaves alone: it only sees to it that one comes back from there. It asks that list first again, unless containers went on.
*/
export const writeChains = (tables: Netfilter, networks: readonly DockerNetwork[], isKept: boolean): void => {
	const {filter, nat} = tables;
	const [own, ...others] = networks;
	Object.assign(filter.chains, {DOCKER: [], [first]: [comesBack], [second]: [comesBack]});
	putLast(filter, user, comesBack);
	nat.chains.DOCKER = [];
	putLast(nat, 'PREROUTING', '-m addrtype --dst-type LOCAL -j DOCKER');
	putLast(nat, 'OUTPUT', '! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER');
	if (!isKept) {
		// Its own network is made anew then, after all others.
		dropNetwork(tables, own!);
	}

	for (const network of isKept ? networks : [...others, own!]) {
		writeNetwork(tables, network);
	}

	if (isKept) {
		putOnTop(filter, jumps.isolation);
	} else {
		putOnTop(filter, jumps.user, jumps.isolation);
	}

	filter.touched = true;
	nat.touched = true;
};
