import test from 'ava';
import {run} from '../lab/command.js';
import {up} from '../lab/lab.js';

test('a virtual machine has 512 MB, a kernel and a boot of its own', async t => {
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
