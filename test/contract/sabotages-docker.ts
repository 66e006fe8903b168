/** What makes the claims about Docker false. No container runs meanwhile: test/real/docker.test.ts has those. */
import type {Argv} from '../../source/step.js';
import type {Sabotage} from './sabotages.js';
import type {Ways} from './ways.js';
import {edits, type World} from './world.js';

const settings = '/etc/docker/daemon.json';
const restarts = ['systemctl reset-failed docker', 'systemctl restart docker'] as const;

const withoutKeeping = (text: string): object => {
	const {'live-restore': _, ...others} = JSON.parse(text) as Record<string, unknown>;
	return others;
};

export const dockerOn = (ways: Ways): readonly Sabotage[] => [
	{
		what: 'Docker is stopped',
		red: ['docker/runs'],
		mends: restarts,
		// With its socket, or it would be started by whoever asks.
		does: async world => world.do(['systemctl', 'stop', 'docker.service', 'docker.socket']),
	},
	{
		what: 'Docker does not come back after a reboot',
		red: ['docker/boot'],
		mends: ['systemctl enable docker'],
		does: async world => world.do(['systemctl', 'disable', 'docker']),
	},
	{
		what: 'logs of containers may grow for ever',
		red: ['docker/logs', 'docker/settings'],
		mends: [`write ${settings}`, ...restarts],
		does: edits(settings, was => was.replace('"10m"', '"-1"')),
	},
	{
		what: 'containers stop with Docker',
		red: ['docker/goes-on', 'docker/settings'],
		mends: [`write ${settings}`, ...restarts],
		leaves: [{path: settings, as: was => `${JSON.stringify({...withoutKeeping(was), 'live-restore': true}, undefined, 2)}\n`}],
		does: edits(settings, was => JSON.stringify(withoutKeeping(was))),
	},
	{
		what: 'Docker has not read its settings',
		red: ['docker/settings'],
		mends: restarts,
		does: async world => world.do(['touch', settings]),
	},
	{
		what: 'somebody left a comma in Docker\'s settings, with which it would not start again',
		red: ['docker/boot', 'docker/settings'],
		unknown: ['docker/logs', 'docker/goes-on', 'docker-behind-firewall/docker-rules'],
		mends: [`write ${settings}`, ...restarts],
		does: edits(settings, was => was.replace(/\n\}\n$/, ',\n}\n')),
	},
	...(ways.dockerAsksOverIpv6
		? []
		: [{
			what: 'Docker is to handle IPv6, where it asks nobody',
			red: ['docker/ipv6', 'docker/settings'],
			mends: [`write ${settings}`, ...restarts],
			leaves: [{path: settings, as: (was: string) => was.replace(/\n\}\n$/, ',\n  "ip6tables": false\n}\n')}],
			does: edits(settings, was => was.replace(/\n\}\n$/, ',\n  "ip6tables": true\n}\n')),
			async tidied(world: World) {
				for (const restart of restarts) {
					await world.do(restart.split(' ') as unknown as Argv);
				}
			},
		}]),
];

const reach = (id: string): string => `containers-reach-out/${id}`;
const behind = (id: string): string => `docker-behind-firewall/${id}`;
const loads = {iptables: 'iptables-restore -w -n /etc/ufw/after.rules', ip6tables: 'ip6tables-restore -w -n /etc/ufw/after6.rules'} as const;
const listed = (port: number): readonly string[] => ['-p', 'tcp', '-m', 'conntrack', '--ctstate', 'DNAT', '--ctorigdstport', String(port), '--ctdir', 'ORIGINAL', '-j', 'RETURN'];

/** A rule taken out of the kernel's chain, or put in front of it. */
const inChain = (what: string, red: readonly string[], iptables: keyof typeof loads, verb: '-D' | '-I', rule: readonly string[]): Sabotage => ({
	what, red, mends: [loads[iptables]], does: async world => world.do([iptables, verb, 'DOCKER-USER', ...rule] as unknown as Argv),
});

export const dockerBehindFirewall: readonly Sabotage[] = [
	{
		what: 'Docker no longer asks the list',
		red: [behind('asked-v4'), 'seen-from-outside/one-list'],
		mends: ['iptables -I FORWARD -j DOCKER-USER'],
		does: async world => world.do(['iptables', '-D', 'FORWARD', '-j', 'DOCKER-USER']),
	},
	{
		what: 'what comes in over IPv6 is let in by rules like Docker\'s own',
		red: [behind('asked-v6')],
		mends: ['ip6tables -I FORWARD -j DOCKER-USER'],
		async does(world) {
			await world.do(['ip6tables', '-N', 'DOCKER']);
			await world.do(['ip6tables', '-A', 'FORWARD', '-o', 'docker0', '-j', 'DOCKER']);
		},
	},
	inChain('published ports are not closed any more over IPv4', [behind('closed-v4')], 'iptables', '-D', ['-m', 'conntrack', '--ctstate', 'DNAT', '-j', 'DROP']),
	inChain('the direct way to containers is open over IPv6', [behind('closed-v6')], 'ip6tables', '-D', ['-o', 'br-+', '-j', 'DROP']),
	inChain('containers may not show port 80', [behind('open-80'), 'seen-from-outside/one-list'], 'iptables', '-D', listed(80)),
	inChain('containers may not show port 443 over IPv6', [behind('open-443')], 'ip6tables', '-D', listed(443)),
	inChain('what is published for the server itself is a neighbour\'s too', [behind('own')], 'iptables', '-D', ['-m', 'conntrack', '--ctorigdst', '127.0.0.0/8', '-j', 'DROP']),
	inChain('containers cannot get out', [behind('trust')], 'iptables', '-D', ['-i', 'br-+', '-j', 'RETURN']),
	inChain('somebody lets one more port in to containers', [behind('nothing-more'), 'containers-reach-out/straight'], 'iptables', '-I', ['-p', 'tcp', '--dport', '8080', '-j', 'ACCEPT']),
	{
		what: 'Docker was told to write no rules, and asks no list any more',
		red: [behind('docker-rules'), 'docker/settings'],
		mends: [...restarts, `write ${settings}`, ...restarts],
		leaves: [{path: settings, as: was => was.replace(/\n\}\n$/, ',\n  "iptables": true\n}\n')}],
		does: edits(settings, was => was.replace(/\n\}\n$/, ',\n  "iptables": false\n}\n')),
		async tidied(world) {
			for (const restart of restarts) {
				await world.do(restart.split(' ') as unknown as Argv);
			}
		},
	},
	{
		what: 'the rules are gone by which Docker leads visitors to containers',
		red: [behind('docker-rules'), reach('out')],
		mends: restarts,
		does: async world => world.do(['iptables', '-t', 'nat', '-F']),
	},
	{
		what: 'the firewall is to throw out all rules when it is loaded',
		red: [behind('left-alone')],
		mends: ['write /etc/default/ufw'],
		does: edits('/etc/default/ufw', was => was.replace('MANAGE_BUILTINS=no', 'MANAGE_BUILTINS=yes')),
	},
	{
		what: 'the list for containers is gone from the firewall\'s files',
		red: [behind('stays')],
		mends: ['write /etc/ufw/after6.rules', 'ip6tables-restore -n --test /etc/ufw/after6.rules', loads.ip6tables],
		does: edits('/etc/ufw/after6.rules', was => was.replace(/# BEGIN dropwise[\s\S]*# END dropwise\n/, '')),
	},
];

/** A rule of Docker's taken out: it writes it anew when it starts. */
const lost = (what: string, red: readonly string[], ...rule: readonly string[]): Sabotage => ({
	what, red, mends: restarts, does: async world => world.do(['iptables', ...rule]),
});

export const containersReachOut: readonly Sabotage[] = [
	{
		what: 'the server passes nothing on any more',
		red: [reach('forwards'), reach('out')],
		mends: ['sysctl -w net.ipv4.ip_forward=1'],
		does: async world => world.do(['sysctl', '-w', 'net.ipv4.ip_forward=0']),
	},
	lost('containers are not let out', [reach('out')], '-D', 'FORWARD', '-i', 'docker0', '!', '-o', 'docker0', '-j', 'ACCEPT'),
	{
		what: 'containers leave under an address that nobody can answer',
		red: [reach('out')],
		mends: ['iptables -t nat -I POSTROUTING -s 172.17.0.0/16 \'!\' -o docker0 -j MASQUERADE'],
		does: async world => world.do(['iptables', '-t', 'nat', '-F', 'POSTROUTING']),
	},
	lost('containers do not reach each other', [reach('within')], '-D', 'FORWARD', '-i', 'docker0', '-o', 'docker0', '-j', 'ACCEPT'),
	{
		what: 'somebody lets everybody in to containers',
		red: [behind('asked-v4'), reach('straight'), 'seen-from-outside/one-list'],
		mends: ['iptables -I FORWARD -j DOCKER-USER'],
		does: async world => world.do(['iptables', '-I', 'FORWARD', '-o', 'docker0', '-j', 'ACCEPT']),
		async tidied(world) {
			await world.do(['iptables', '-D', 'FORWARD', '-o', 'docker0', '-j', 'ACCEPT']);
		},
	},
	{
		what: 'whatever comes is passed on',
		red: [reach('policy')],
		mends: ['iptables -P FORWARD DROP'],
		does: async world => world.do(['iptables', '-P', 'FORWARD', 'ACCEPT']),
	},
];

const ownRules = {after: 'iptables-restore -w -n /etc/ufw/after.rules', masking: 'iptables -t nat -A POSTROUTING -j dropwise-nat', sysctl: '/etc/ufw/sysctl.conf', hook: '/etc/ufw/before.init'} as const;

/** As Docker writes it when it was told to write nothing. */
const redirection: ReadonlyArray<readonly string[]> = [
	['-t', 'nat', '-A', 'PREROUTING', '-m', 'addrtype', '--dst-type', 'LOCAL', '-j', 'DOCKER'],
	['-t', 'nat', '-A', 'DOCKER', '!', '-i', 'docker0', '-p', 'tcp', '--dport', '8081', '-j', 'DNAT', '--to-destination', '172.17.0.2:80'],
	['-I', 'FORWARD', '-o', 'docker0', '-j', 'DOCKER'],
	['-A', 'DOCKER', '-d', '172.17.0.2/32', '!', '-i', 'docker0', '-o', 'docker0', '-p', 'tcp', '--dport', '80', '-j', 'ACCEPT'],
];

/** Where Docker writes no rules: those of the two steps that see to it. */
export const withoutDockersRules: readonly Sabotage[] = [
	{
		what: 'Docker may write rules again',
		red: [behind('docker-rules'), 'docker/settings'],
		mends: [
			...restarts,
			`write ${settings}`,
			...restarts,
			'iptables -D FORWARD -o docker0 -j DOCKER',
			'iptables -t nat -D OUTPUT \'!\' -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER',
			'iptables -t nat -D PREROUTING -m addrtype --dst-type LOCAL -j DOCKER',
			'iptables -D FORWARD -i docker0 -o docker0 -j ACCEPT',
			'iptables -D FORWARD -i docker0 \'!\' -o docker0 -j ACCEPT',
			'iptables -D FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
			'iptables -D FORWARD -j DOCKER-ISOLATION-STAGE-1',
			'iptables -D FORWARD -j DOCKER-USER',
			'iptables -t nat -D POSTROUTING -s 172.17.0.0/16 \'!\' -o docker0 -j MASQUERADE',
		],
		does: edits(settings, was => was.replace('"iptables": false', '"iptables": true')),
	},
	{
		what: 'what Docker left behind leads to a container',
		red: [behind('docker-rules'), behind('closed'), reach('straight'), 'seen-from-outside/one-list'],
		mends: ['iptables -D FORWARD -o docker0 -j DOCKER', 'iptables -t nat -D PREROUTING -m addrtype --dst-type LOCAL -j DOCKER'],
		async does(world) {
			for (const words of redirection) {
				await world.do(['iptables', ...words]);
			}
		},
	},
	{
		what: 'the server passes nothing on after the next start of the firewall',
		red: [reach('forwards')],
		mends: [`write ${ownRules.sysctl}`],
		does: edits(ownRules.sysctl, was => was.replace('net/ipv4/ip_forward=1', 'net/ipv4/ip_forward=0')),
	},
	{
		what: 'containers leave under an address that nobody can answer',
		red: [reach('out'), reach('ours')],
		mends: [ownRules.masking],
		does: async world => world.do(['iptables', '-t', 'nat', '-D', 'POSTROUTING', '-j', 'dropwise-nat']),
	},
	{
		what: 'containers do not reach each other',
		red: [reach('within'), reach('ours')],
		mends: [ownRules.after],
		does: async world => world.do(['iptables', '-D', 'dropwise-forward', '-m', 'physdev', '--physdev-is-bridged', '-j', 'ACCEPT']),
	},
	{
		what: 'whatever comes is passed on',
		red: [reach('straight'), reach('policy')],
		mends: ['iptables -P FORWARD DROP'],
		does: async world => world.do(['iptables', '-P', 'FORWARD', 'ACCEPT']),
	},
	{
		what: 'the way to the addresses would be gone after the next start of the firewall',
		red: [reach('stays')],
		mends: [`write ${ownRules.hook}`],
		does: async world => world.do(['chmod', '644', ownRules.hook]),
	},
];
