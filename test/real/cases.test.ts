/** Servers as people have them, of the kinds on which a run once locked somebody out, opened a door, took over a folder, or ended with 0 over a server left open. */
import test, {type ExecutionContext} from 'ava';
import type {Event} from '../../source/engine/events.js';
import {connectSsh} from '../../source/server/ssh.js';
import {explain, go, type Options, type Told} from '../contract/scenario.js';
import type {World} from '../contract/world.js';
import {type Droplet, type Release, up} from '../lab/lab.js';
import {realWorld} from './real-world.js';

type Here = {readonly droplet: Droplet; readonly world: World; /** Runs a script inside. */ readonly sh: (script: string) => Promise<string>};

/** A droplet as its people left it. `port`: where SSH is for us. */
const open = async (t: ExecutionContext, release: Release, script: string, port = 22): Promise<Here> => {
	const droplet = await up({release});
	t.teardown(async () => droplet.down());
	const sh = async (words: string): Promise<string> => droplet.must(['sh', '-ec', words], {seconds: 240});
	const world = await realWorld(droplet);
	await sh(`C=${gateway(droplet)} ADDRESS=${droplet.address}; ${script}`);
	return {
		droplet,
		sh,
		world: {
			...world,
			open: async login => connectSsh({
				address: droplet.address, port, login, trust: () => true,
			}),
		},
	};
};

/** Our address as the droplet sees it: the lab's bridge has the first of the network. */
const gateway = ({address}: Droplet): string => address.replace(/\d+$/, '1');
const asAdmin = (world: World): Options => ({login: world.admin});
const isReverted = ({events}: Told): boolean => events.some(({event}) => event === 'reverted');
/** What a run that must go well came to. */
const ended = (told: Told) => [told.exitCode, isReverted(told), told.red];
const well = [0, false, []];
const both = ['admin-user', 'ssh-keys-only'];
const install = (name: string): string => `apt-get -qq update; DEBIAN_FRONTEND=noninteractive apt-get -qq -y install ${name} >/dev/null`;

/** A second run, as the admin, who gets in and finds nothing to do. */
const isSettled = async (t: ExecutionContext, world: World, only: readonly string[]): Promise<void> => {
	const again = await go(world, 'apply', {...asAdmin(world), only});
	t.deepEqual([again.exitCode, again.did], [0, []], explain(again));
};

/** Runs until the claims under the guard are told, and then has the run put everything back by stopping it. */
const stoppedUnderGuard = async (world: World, only: readonly string[]): Promise<Told> => {
	const stop = new AbortController();
	let isArmed = false;
	return go(world, 'apply', {
		only,
		signal: stop.signal,
		listener(event: Event) {
			isArmed ||= event.event === 'armed';
			if (isArmed && event.event === 'claims') {
				stop.abort();
			}
		},
	});
};

const amiss = ({events}: Told): ReadonlyArray<readonly string[]> => events.flatMap(event => (event.event === 'reverted' ? [event.amiss] : []));

// Row 1: sshd on some addresses alone, and near the end of systemd's patience.
for (const [what, release, script] of [
	['sshd on one address', 'trixie', 'echo "ListenAddress $ADDRESS" >/etc/ssh/sshd_config.d/10-mine.conf; systemctl restart ssh'],
	['sshd on one address, and on another port for IPv6', 'bookworm', 'printf "ListenAddress $ADDRESS:22\\nListenAddress [::]:2222\\n" >/etc/ssh/sshd_config.d/10-mine.conf; systemctl restart ssh'],
	['sshd on one address, restarted by hand four times just before', 'bookworm', 'echo "ListenAddress $ADDRESS" >/etc/ssh/sshd_config.d/10-mine.conf; for n in 1 2 3 4; do systemctl restart ssh; done'],
	['systemd listening for sshd, restarted by hand just before', 'trixie', 'systemctl disable --now ssh.service 2>/dev/null; systemctl enable --now ssh.socket 2>/dev/null; for n in 1 2 3; do systemctl restart ssh.socket; done'],
] as const) {
	test.serial(`${release}: ${what}: apply twice, and put back in between`, async t => {
		const {droplet, world} = await open(t, release, script);
		const stopped = await stoppedUnderGuard(world, both);
		t.deepEqual([stopped.exitCode, isReverted(stopped), amiss(stopped)], [130, true, [[]]], explain(stopped));
		const told = await go(world, 'apply', {only: both});
		t.deepEqual(ended(told), well, explain(told));
		await isSettled(t, world, both);
		t.not((await droplet.exec(['systemctl', 'is-failed', 'ssh.service'])).out.trim(), 'failed');
	});
}

/** Units as older packages ship them. */
const socketFor = (port: number, name = 'ssh'): string => `
printf '[Unit]\\nConflicts=ssh.service\\n[Socket]\\nListenStream=${port}\\nAccept=yes\\n[Install]\\nWantedBy=sockets.target\\n' >/etc/systemd/system/${name}.socket
printf '[Service]\\nExecStart=-/usr/sbin/sshd -i\\nStandardInput=socket\\nRuntimeDirectory=sshd\\nRuntimeDirectoryPreserve=yes\\n' >/etc/systemd/system/${name}@.service
systemctl daemon-reload; systemctl disable --now ssh.service 2>/dev/null; mkdir -p /run/sshd; systemctl stop ssh.socket 2>/dev/null || true; systemctl enable --now ${name}.socket 2>/dev/null`;

// Row 2: sshd started for each connection.
for (const [what, release, port, script] of [
	['on a port of its own', 'bookworm', 2222, socketFor(2222)],
	['on the usual port', 'trixie', 22, socketFor(22)],
	['by a unit of another name', 'bookworm', 2200, socketFor(2200, 'mine')],
] as const) {
	test.serial(`${release}: a socket that starts sshd for each connection, ${what}: it listens afterwards, also when put back`, async t => {
		const {world, sh} = await open(t, release, script, port);
		const units = 'systemctl list-units --plain --no-legend --type=socket,service "ssh.s*" "mine.socket" | grep -v @ | cut -d" " -f1';
		const before = await sh(units);
		const stopped = await stoppedUnderGuard(world, both);
		t.deepEqual([stopped.exitCode, isReverted(stopped), amiss(stopped)], [130, true, [[]]], explain(stopped));
		t.is(await sh(units), before);
		const told = await go(world, 'apply', {only: both});
		t.deepEqual(ended(told), well, explain(told));
		t.is(await sh(units), before);
		await isSettled(t, world, both);
	});
}

// Row 3: rules of the image that end in a refusal.
for (const [what, release, script] of [
	['as images have them', 'trixie', 'for rule in "-m state --state RELATED,ESTABLISHED -j ACCEPT" "-p icmp -j ACCEPT" "-i lo -j ACCEPT" "-p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT" "-j REJECT --reject-with icmp-host-prohibited"; do iptables -A INPUT $rule; done'],
	['for several ports, over IPv6 too', 'bookworm', 'for tables in iptables ip6tables; do for rule in "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT" "-p tcp -m multiport --dports 22,443 -j ACCEPT" "-j DROP"; do $tables -A INPUT $rule; done; done'],
	['that drop all but SSH from us', 'trixie', 'iptables -A INPUT -m state --state ESTABLISHED -j ACCEPT; iptables -A INPUT -s $C -p tcp --dport 22 -j ACCEPT; iptables -A INPUT -p tcp -j REJECT --reject-with tcp-reset; iptables -A INPUT -j DROP'],
] as const) {
	test.serial(`${release}: rules ${what} that end in a refusal: the refusals go, and our line stays`, async t => {
		const {world, sh} = await open(t, release, `${install('iptables')}; ${script}`);
		const first = await go(world, 'check', {only: ['firewall']});
		const before = await sh('iptables-save -t filter | grep "^-A INPUT"; ip6tables-save -t filter | grep "^-A INPUT" || true');
		t.is(first.exitCode, 1);
		const stopped = await stoppedUnderGuard(world, ['admin-user', 'firewall']);
		t.deepEqual([stopped.exitCode, isReverted(stopped), amiss(stopped)], [130, true, [[]]], explain(stopped));
		t.is(await sh('iptables-save -t filter | grep "^-A INPUT"; ip6tables-save -t filter | grep "^-A INPUT" || true'), before, 'rule for rule, in their order');
		const told = await go(world, 'apply', {only: ['admin-user', 'firewall']});
		t.deepEqual(ended(told), well, explain(told));
		t.notRegex(await sh('iptables-save -t filter | grep "^-A INPUT"'), /REJECT|DROP/v);
		await isSettled(t, world, ['admin-user', 'firewall']);
	});
}

// Row 4: SSH open to some alone.
for (const [what, release, rule] of [
	['one address', 'trixie', 'ufw allow from $C to any port 22 proto tcp'],
	['a network', 'bookworm', 'ufw allow from ${C%.*}.0/24 to any port 22'],
	['one address, by the name of the program', 'trixie', 'ufw allow from $C to any app OpenSSH'],
] as const) {
	test.serial(`${release}: SSH that is open to ${what} alone is opened no wider`, async t => {
		const {world, sh} = await open(t, release, `${install('ufw')}; ${rule} >/dev/null; ufw --force enable >/dev/null`);
		const told = await go(world, 'apply', {only: ['admin-user', 'firewall', 'seen-from-outside']});
		t.deepEqual(ended(told), well, explain(told));
		t.notRegex(await sh('ufw status'), /^22(?:\/tcp)? .*Anywhere/mv);
		await isSettled(t, world, ['admin-user', 'firewall', 'seen-from-outside']);
	});
}

for (const [what, release, rule] of [
	['one address', 'trixie', 'iptables -I INPUT 1 -p tcp --dport 22 ! -s $C -j DROP'],
	['a network, by a chain of its own', 'bookworm', 'iptables -N MINE; iptables -A MINE -s ${C%.*}.0/24 -j RETURN; iptables -A MINE -j REJECT; iptables -I INPUT 1 -p tcp --dport 22 -j MINE'],
] as const) {
	test.serial(`${release}: SSH that rules in front of ufw keep for ${what} is opened no wider`, async t => {
		const only = ['admin-user', 'firewall', 'seen-from-outside'];
		const {world, sh} = await open(t, release, `${install('ufw')}; ${rule}`);
		const before = await sh('iptables-save -t filter | grep -e "dport 22 " -e "-A MINE"');
		const told = await go(world, 'apply', {only});
		t.deepEqual([told.exitCode, isReverted(told), told.red], well, explain(told));
		t.deepEqual(told.unknown, ['firewall/ssh-v6']);
		t.is(await sh('iptables-save -t filter | grep -e "dport 22 " -e "-A MINE" | grep -v ufw'), before);
		await isSettled(t, world, only);
	});
}

// Row 5: a home in a folder of somebody else's.
for (const [what, release, folder, script] of [
	['the websites\'', 'trixie', '/var/www', 'install -d -o www-data -g www-data -m 2775 /var/www; useradd -m -d /var/www/ada ada'],
	['a group\'s', 'bookworm', '/srv/team', 'install -d -o root -g staff -m 2775 /srv/team; useradd -m -d /srv/team/ada ada'],
	['another user\'s', 'trixie', '/home/bob', 'useradd -m bob; chmod 777 /home/bob; useradd -m -d /home/bob/ada ada'],
] as const) {
	test.serial(`${release}: a home in ${what} folder: the folder stays as it is`, async t => {
		const {world, sh} = await open(t, release, script);
		const before = await sh(`stat -c "%a %U:%G" ${folder}`);
		const told = await go(world, 'apply', {only: both});
		t.deepEqual(ended(told), well, explain(told));
		t.is(await sh(`stat -c "%a %U:%G" ${folder}`), before);
		await isSettled(t, world, both);
	});
}

// Row 8: who counts failed log-ins.
const guarded = (jail: string): string => `${install('fail2ban python3-systemd')}; printf '[sshd]\\nenabled = true\\nbackend = systemd\\n${jail}' >/etc/fail2ban/jail.d/ours.local; systemctl restart fail2ban; n=0; until fail2ban-client status sshd >/dev/null 2>&1; do n=$((n + 1)); [ $n -lt 50 ]; sleep 0.2; done`;
const counted = 'sleep 3; fail2ban-client status sshd';

for (const [what, release, jail] of [
	['with its defaults', 'trixie', ''],
	['with its defaults', 'bookworm', ''],
	['that is stricter', 'trixie', 'maxretry = 3\\nmode = aggressive\\n'],
] as const) {
	test.serial(`${release}: fail2ban ${what}: it counts none of what check and apply do`, async t => {
		const {world, sh} = await open(t, release, guarded(jail));
		for (let n = 0; n < 6; n++) {
			t.is((await go(world, 'check', {only: both})).exitCode, 1);
		}

		t.regex(await sh(counted), /Total failed:\t0\n/v, 'fresh');
		const told = await go(world, 'apply', {only: both});
		t.deepEqual(ended(told), well, explain(told));
		for (let n = 0; n < 6; n++) {
			t.is((await go(world, 'check', {...asAdmin(world), only: both})).exitCode, 0);
		}

		t.regex(await sh(counted), /Total failed:\t0\n/v, 'finished');
	});
}

// Rows 11 and 12: what is asked before the list, and a refusal on the list before what lets visitors in.
const firewalled = ['admin-user', 'firewall'];
/** What a claim of the firewall says is so. */
const behind = (told: Told, id: string): string | undefined => {
	const claim = told.verdicts.get(`firewall/${id}`);
	return claim && ('holds' in claim ? claim.actual : claim.unknown);
};

for (const [what, release, script, red, mends] of [
	['a chain of one\'s own that lets more in', 'trixie', 'iptables -N SITE; iptables -A SITE -s 192.0.2.0/24 -j ACCEPT; iptables -A SITE -p tcp --dport 3306 -j ACCEPT; iptables -I INPUT 1 -j SITE', {'nothing-past': 'tcp 3306: -A SITE -p tcp -m tcp --dport 3306 -j ACCEPT'}, ['iptables -D SITE -p tcp -m tcp --dport 3306 -j ACCEPT']],
	['one within another, over IPv6', 'bookworm', 'for name in OUTER INNER; do ip6tables -N $name; done; ip6tables -A INNER -p tcp -m multiport --dports 5000:5002 -j ACCEPT; ip6tables -A OUTER -g INNER; ip6tables -I INPUT 1 -j OUTER', {'nothing-past': 'tcp 5000 to 5002: -A INNER -p tcp -m multiport --dports 5000:5002 -j ACCEPT'}, ['ip6tables -D INNER -p tcp -m multiport --dports 5000:5002 -j ACCEPT']],
	['one that refuses', 'bookworm', 'iptables -N SITE; iptables -A SITE -p tcp --dport 443 -j REJECT; iptables -I INPUT 1 -j SITE', {'open-443': 'shut before that is asked: -A SITE -p tcp -m tcp --dport 443 -j REJECT --reject-with icmp-port-unreachable'}, ['iptables -D SITE -p tcp -m tcp --dport 443 -j REJECT --reject-with icmp-port-unreachable']],
	['a denial on the list', 'trixie', 'ufw insert 1 deny proto tcp from any to any port 80,443 >/dev/null', {'open-80': 'shut before that is asked: -A ufw-user-input -p tcp -m multiport --dports 80,443 -j DROP', 'open-443': 'shut before that is asked: -A ufw-user-input -p tcp -m multiport --dports 80,443 -j DROP'}, ['ufw delete deny 80,443/tcp']],
] as const) {
	test.serial(`${release}: ${what}: named, and that alone is taken away`, async t => {
		const {world, sh} = await open(t, release, 'true');
		const first = await go(world, 'apply', {only: firewalled});
		t.deepEqual(ended(first), well, explain(first));
		await sh(script);
		const bad = await go(world, 'check', {...asAdmin(world), only: firewalled});
		t.deepEqual([bad.exitCode, bad.red], [1, Object.keys(red).map(id => `firewall/${id}`)], explain(bad));
		t.deepEqual(Object.keys(red).map(id => behind(bad, id)), Object.values(red));
		const mended = await go(world, 'apply', {...asAdmin(world), only: firewalled});
		t.deepEqual([...ended(mended), mended.did], [...well, mends], explain(mended));
		await isSettled(t, world, firewalled);
	});
}

// Row 13: a second packet filter.
test.serial('trixie: a table of nftables beside ufw that refuses is named, and what hangs on it is unknown; one that bans some is no matter', async t => {
	const {world, sh} = await open(t, 'trixie', install('nftables'));
	const first = await go(world, 'apply', {only: firewalled});
	t.deepEqual(ended(first), well, explain(first));
	const check = async (): Promise<Told> => go(world, 'check', {...asAdmin(world), only: firewalled});
	await sh('nft add table inet bans; nft "add chain inet bans in { type filter hook input priority -1; policy accept; }"; nft "add set inet bans them { type ipv4_addr; }"; nft "add rule inet bans in tcp dport 22 ip saddr @them reject"');
	const banning = await check();
	t.deepEqual([banning.exitCode, banning.red, banning.unknown], [0, [], []], explain(banning));
	await sh('nft add table inet site; nft "add chain inet site in { type filter hook input priority 0; policy drop; }"; nft add rule inet site in tcp dport 22 accept; nft add rule inet site in ct state established accept; nft add rule inet site in meta l4proto ipv6-icmp accept');
	const beside = await check();
	t.deepEqual([beside.red, beside.unknown], [[], [22, 80, 443].map(port => `firewall/open-${port}`)], explain(beside));
	t.is(behind(beside, 'open-80'), 'the table "inet site" of nftables is asked as well, and it says "policy drop"');
	const applied = await go(world, 'apply', {...asAdmin(world), only: firewalled});
	t.deepEqual(applied.did, [], explain(applied));
});

// Row 14: a kernel or a tool that will have nothing of IPv6.
const errs = (name: string): string => `${install('ufw')}; rm /usr/sbin/${name}; printf '#!/bin/sh\\necho "${name}: no such table" >&2\\nexit 3\\n' >/usr/sbin/${name}; chmod 755 /usr/sbin/${name}`;
for (const [what, release, script, code] of [
	['the tool errs', 'trixie', errs('ip6tables'), 1],
	['the tool errs, and the one that lists too', 'bookworm', `${errs('ip6tables')}; ${errs('ip6tables-save')}; ${errs('ip6tables-restore')}`, 1],
	['switched off in the kernel', 'trixie', 'sysctl -qw net.ipv6.conf.all.disable_ipv6=1', 0],
] as const) {
	test.serial(`${release}: IPv6 ${what}: the IPv4 firewall goes on, and the exit code is ${code}`, async t => {
		const {world, sh} = await open(t, release, script);
		const told = await go(world, 'apply', {only: ['admin-user', 'firewall']});
		t.deepEqual([told.exitCode, isReverted(told)], [code, false], explain(told));
		t.regex(await sh('iptables-save -t filter'), /^:INPUT DROP/mv);
		const again = await go(world, 'apply', {...asAdmin(world), only: ['admin-user', 'firewall']});
		t.deepEqual([again.exitCode, again.did], [code, []], explain(again));
	});
}
