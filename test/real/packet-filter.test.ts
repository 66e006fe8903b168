/** Whether what dropwise makes of the kernel's rules is what the kernel makes of them: rules by chance are loaded on a real droplet, and every port is knocked at. */
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {
	interfaceAddresses, interfaceOf, wayTo, type InterfaceAddress,
} from '../../source/facts/addresses.js';
import {fateOf, type Fate} from '../../source/facts/packet-filter/fate.js';
import {tablesIn, type Tables} from '../../source/facts/packet-filter/tables.js';
import {dial} from '../../source/server/dial.js';
import type {Family} from '../../source/step.js';
import {
	neighbour, type Droplet, type Neighbour, up,
} from '../lab/lab.js';
import {gateway, gateway6} from '../lab/network.js';
import {until} from '../lab/processes.js';
import {addressIn, makeImage, runWeb} from './containers.js';
import {listensForAll} from './listeners.js';

const seconds = 0.6;
const listening = [80, 3306, 9000] as const;
const published = [8080, 8443] as const;

/** The same numbers for the same seed. */
const chance = (seed: number) => {
	let state = seed;
	return (below: number): number => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor(state / 4_294_967_296 * below);
	};
};

type Pick = <T>(list: readonly T[]) => T;

const conditions = (family: Family, {address, address6}: Droplet): readonly string[] => {
	const [us, them, network] = family === 'v4' ? [gateway, address, `${gateway}/24`] : [gateway6, address6, `${gateway6}/64`];
	return [
		'',
		'-p tcp',
		'-p udp',
		'! -p udp',
		'-i host0',
		'-i host+',
		'! -i host0',
		'-i lo',
		'-i docker0',
		'-o docker0',
		'! -o docker0',
		'-o br-+',
		'-i br-+',
		`-s ${us}`,
		`! -s ${us}`,
		`-s ${network}`,
		`-d ${them}`,
		`! -d ${them}`,
		'-p tcp --dport 80',
		'-p tcp ! --dport 80',
		'-p tcp --dport 1000:9000',
		'-p tcp --dport 9000:',
		'-p tcp -m multiport --dports 80,9000',
		'-p tcp -m multiport ! --dports 80,3306',
		'-p tcp --sport 1024:',
		'-p tcp --sport 53',
		'-p tcp --syn',
		'-p tcp ! --syn',
		'-m conntrack --ctstate NEW',
		'-m conntrack --ctstate INVALID,ESTABLISHED',
		'-m conntrack --ctstate DNAT',
		'-m conntrack ! --ctstate DNAT',
		'-m conntrack --ctorigdstport 8080',
		`-m conntrack --ctorigdst ${them}`,
		'-m conntrack --ctdir ORIGINAL',
		'-m conntrack --ctstate DNAT --ctorigdstport 8443 --ctdir ORIGINAL',
		'-m addrtype --dst-type LOCAL',
		'-m addrtype ! --dst-type LOCAL',
		'-m addrtype --src-type LOCAL',
		'-m limit --limit 5000/s --limit-burst 5000',
		'-m recent --name nobody --rcheck',
		'-m recent --name nobody ! --rcheck',
		'-p tcp -m connlimit --connlimit-above 500',
		'-m comment --comment "-j DROP"',
		'-m mark --mark 0x1',
	];
};

/** A rule by chance. `deeper` are the chains that it may lead to. */
const ruleFor = (pick: Pick, all: readonly string[], deeper: readonly string[]): string => {
	const target = pick(['ACCEPT', 'ACCEPT', 'DROP', 'REJECT --reject-with tcp-reset', 'RETURN', '', ...deeper.flatMap(name => [name, name, `goto ${name}`])]);
	const words = pick(all);
	const asked = target.startsWith('REJECT') && !words.startsWith('-p tcp') ? (words.includes('-p ') ? '-p tcp' : `-p tcp ${words}`) : words;
	return [asked, target === '' ? '' : target.startsWith('goto ') ? `-g ${target.slice(5)}` : `-j ${target}`].filter(Boolean).join(' ');
};

/** A table filter by chance, as iptables-restore takes it. Docker's own chains stay in FORWARD, behind ours. */
const tableFor = (family: Family, pick: Pick, all: readonly string[]): string => {
	// Straight in INPUT iptables refuses to be asked where a packet leaves.
	const rules = (chain: string, many: number, deeper: readonly string[]): readonly string[] => Array.from({length: many}, () => `-A ${chain} ${ruleFor(pick, chain === 'INPUT' ? all.filter(words => !words.includes('-o ')) : all, deeper)}`);
	const chains = ['one', 'two'];
	return [
		'*filter',
		`:INPUT ${pick(['ACCEPT', 'DROP'])}`,
		`:FORWARD ${pick(['ACCEPT', 'DROP'])}`,
		':OUTPUT ACCEPT',
		...chains.map(name => `:${name} -`),
		// It is about first packets: what follows them, and answers, pass.
		...['INPUT', 'FORWARD'].map(chain => `-A ${chain} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`),
		// And neighbours have to find each other.
		...(family === 'v6' ? ['-A INPUT -p ipv6-icmp -j ACCEPT'] : []),
		...rules('INPUT', 5, chains),
		...rules('FORWARD', 4, chains),
		...rules('one', 4, ['two']),
		...rules('two', 4, []),
		'COMMIT',
		'',
	].join('\n');
};

const meaning = {in: 'open', refused: 'refused', dropped: 'silent'} as const;
const said = (fate: Fate): string => ('unknown' in fate ? 'unknown' : meaning[fate.end]);

type Ground = {readonly droplet: Droplet; readonly other: Neighbour; readonly interfaces: readonly InterfaceAddress[]; readonly containers: readonly string[]};

/** What each knock came to, and what was foreseen. */
const knocks = async ({droplet, other, interfaces, containers}: Ground, family: Family, tables: Tables): Promise<ReadonlyArray<readonly [what: string, foreseen: string, seen: string, fate: Fate]>> => {
	const [from, to] = family === 'v4' ? [gateway, droplet.address] : [gateway6, droplet.address6];
	const foresee = (sender: string, address: string, port: number): Fate => fateOf(tables, {
		family, protocol: 'tcp', from: sender, to: address, port, in: interfaceOf(interfaces, to),
	}, {isOwn: one => interfaces.some(({address: own}) => own === one), wayTo: one => wayTo(interfaces, one), forwards: true});
	const ports = [...listening, ...published].map(async port => {
		const fate = foresee(from, to, port);
		return [`${port}`, said(fate), await dial(to, port, seconds * 1000), fate] as const;
	});
	const straight = family === 'v4' ? containers : [];
	return Promise.all([...ports, ...straight.map(async address => {
		const fate = foresee(other.address, address, 80);
		const {code} = await other.exec(['curl', '-sS', '--connect-timeout', String(seconds), `http://${address}:80/`]);
		return [`${address} from a neighbour`, said(fate), code === 7 ? 'refused' : code === 28 ? 'silent' : 'open', fate] as const;
	})]);
};

const ground = async (t: ExecutionContext, release: 'bookworm' | 'trixie'): Promise<Ground> => {
	const [droplet, other] = await Promise.all([up({release}), neighbour()]);
	t.teardown(async () => Promise.all([droplet.down(), other.down()]));
	await droplet.must(['sh', '-ec', 'apt-get -qq update; DEBIAN_FRONTEND=noninteractive apt-get -qq -y install docker.io iptables >/dev/null'], {seconds: 300});
	await makeImage(droplet);
	await droplet.must(['docker', 'network', 'create', 'site']);
	await runWeb(droplet, 'web', '--publish', '8080:80');
	await runWeb(droplet, 'app', '--network', 'site', '--publish', '8443:80');
	for (const port of listening) {
		await listensForAll(droplet, `on${port}`, port);
	}

	const containers = [await addressIn(droplet, 'web'), await addressIn(droplet, 'app')];
	await until(async () => (await Promise.all(containers.map(async address => droplet.exec(['curl', '-sS', '--max-time', '2', `http://${address}/`])))).every(({code}) => code === 0), 60, 'the containers to answer');
	await other.must(['ip', 'route', 'add', '172.16.0.0/12', 'via', droplet.address]);
	const listed = await droplet.must(['ip', '-o', 'addr', 'show', 'scope', 'global']);
	const interfaces = interfaceAddresses.parse({
		outcome: 'ran', code: 0, out: listed, err: '',
	});
	return {
		droplet, other, interfaces, containers,
	};
};

for (const release of ['trixie', 'bookworm'] as const) {
	test.serial(`${release}: rules by chance: what is foreseen of every port is what a knock finds`, async t => {
		t.timeout(900_000);
		const here = await ground(t, release);
		const {droplet} = here;
		const seed = Date.now() % 1_000_000;
		const random = chance(seed);
		const pick: Pick = list => list[random(list.length)]!;
		const counts = new Map<string, number>();
		const wrong: string[] = [];
		for (let count = 0; count < 60; count++) {
			const family: Family = count % 3 === 2 ? 'v6' : 'v4';
			const [restore, save] = family === 'v4' ? ['iptables-restore', 'iptables-save'] as const : ['ip6tables-restore', 'ip6tables-save'] as const;
			const table = tableFor(family, pick, conditions(family, droplet));
			await droplet.must([restore], {input: table});
			const printed = await droplet.must([save]);
			for (const [what, foreseen, seen, fate] of await knocks(here, family, tablesIn(printed))) {
				counts.set(foreseen, (counts.get(foreseen) ?? 0) + 1);
				if (foreseen !== 'unknown' && foreseen !== seen) {
					wrong.push(`${family} ${what}: foreseen ${foreseen} (${JSON.stringify(fate)}), seen ${seen}\n${printed}`);
				}
			}

			await sleep(50);
		}

		t.log(`seed ${seed}: ${[...counts].map(([what, many]) => `${many} ${what}`).join(', ')}`);
		t.deepEqual(wrong, []);
		t.true(['open', 'refused', 'silent'].every(what => (counts.get(what) ?? 0) > 5), 'each of them came up');
		t.true(counts.get('unknown')! < counts.get('open')!, 'what cannot be judged is the exception');
	});
}
