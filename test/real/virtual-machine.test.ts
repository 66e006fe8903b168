import test from 'ava';
import {run} from '../lab/command.js';
import {up} from '../lab/lab.js';
import {until} from '../lab/processes.js';
import {explain} from '../contract/scenario.js';
import {getsThrough, runWeb} from './containers.js';
import {withDocker} from './with-docker.js';

test.serial('a virtual machine has 512 MB, a kernel and a boot of its own', async t => {
	t.timeout(900_000);
	const droplet = await up({release: 'trixie', kind: 'vm'});
	t.teardown(async () => droplet.down());
	const memory = await droplet.must(['free', '--mebi']);
	const total = Number(/^Mem:\s+(?<total>\d+)/mv.exec(memory)?.groups?.total);
	// The kernel keeps some of the 512 for itself.
	t.true(total > 400 && total <= 512, `it has ${total} MiB`);
	t.regex(await droplet.must(['uname', '--kernel-release']), /-cloud-/v);
	t.is(await droplet.must(['systemd-detect-virt']), 'qemu\n');
	const login = await run(
		['sshpass', '-e', 'ssh', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'PubkeyAuthentication=no', `root@${droplet.address}`, 'hostname'],
		{environment: {SSHPASS: droplet.rootPassword}, seconds: 120},
	);
	t.is(login.out, `${droplet.name}\n`, login.err);
	await droplet.write('/root/kept', 'héllo');
	const before = await droplet.read('/proc/sys/kernel/random/boot_id');
	await droplet.reboot();
	t.not(await droplet.read('/proc/sys/kernel/random/boot_id'), before);
	t.is(await droplet.read('/root/kept'), 'héllo');
});

test.serial('bridges of a kernel of its own ask no firewall unless br_netfilter is loaded: what is said of containers is what is so, either way', async t => {
	t.timeout(1_200_000);
	const {droplet, run: goes} = await withDocker(t, 'trixie', 'vm');
	const settings = '/etc/docker/daemon.json';
	const within = async (): Promise<boolean> => getsThrough(droplet, 'manager', 'proxy', 80);
	// An emulated machine may need longer to answer than a question is given, and then it is unknown.
	const isRed = async (claim: string): Promise<boolean> => until(async () => {
		const {verdicts} = await goes('check', {recipe: 'iptables-off'});
		const verdict = verdicts.get(`containers-reach-out/${claim}`);
		return verdict && 'holds' in verdict ? {red: !verdict.holds} : undefined;
	}, 240, `what ${claim} is judged`).then(({red}) => red);

	await droplet.must(['docker', 'network', 'create', 'sites']);
	await runWeb(droplet, 'proxy', '--network', 'sites');
	await runWeb(droplet, 'manager', '--network', 'sites');
	await droplet.write(settings, JSON.stringify({...JSON.parse(await droplet.read(settings)) as object, iptables: false, ip6tables: false}));
	await droplet.reboot();
	await until(async () => (await droplet.must(['docker', 'ps', '--quiet'])).trim().split('\n').length === 2, 60, 'both containers to run');
	t.is(await droplet.must(['sysctl', '-e', '-n', 'net.bridge.bridge-nf-call-iptables']), '', 'nothing has loaded it');
	t.deepEqual([await within(), await isRed('within'), await isRed('out')], [true, false, true]);

	await droplet.must(['modprobe', 'br_netfilter']);
	t.deepEqual([await within(), await isRed('within')], [false, true]);
	const applied = await goes('apply', {recipe: 'iptables-off'});
	t.is(applied.exitCode, 0, explain(applied));
	t.deepEqual([await within(), await isRed('within')], [true, false]);
});
