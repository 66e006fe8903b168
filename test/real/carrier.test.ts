/** The carrier on a real droplet: what a look costs, and orders that outlive their connection. */
import {performance} from 'node:perf_hooks';
import {setTimeout as delay} from 'node:timers/promises';
import test from 'ava';
import {ConnectionLost} from '../../source/server/connect-error.js';
import {hide} from '../../source/server/secret.js';
import type {Server} from '../../source/server/server.js';
import {connectSsh} from '../../source/server/ssh.js';
import {delayingProxy, type Droplet, up} from '../lab/lab.js';

const connect = async ({address, rootPassword}: Droplet, port = 22, host = address): Promise<Server> => connectSsh({
	address: host, port, login: {user: 'root', password: hide(rootPassword)}, trust: () => true,
});

for (const release of ['bookworm', 'trixie'] as const) {
	test.serial(`${release}: an order goes on when sshd's session is killed, and when sshd restarts; it is heard from its first output`, async t => {
		const droplet = await up({release});
		t.teardown(async () => droplet.down());
		const server = await connect(droplet);
		t.true(await server.lock('test'));
		const lost = server.act({id: 'o-1', do: 'run', argv: ['sh', '-c', 'echo one; sleep 4; echo two; exit 5']}, () => undefined);
		const settled = t.throwsAsync(lost, {instanceOf: ConnectionLost});
		await delay(1500);
		await droplet.exec(['sh', '-c', 'systemctl restart ssh; for unit in $(loginctl list-sessions --no-legend | cut -d" " -f1); do loginctl terminate-session $unit; done; pkill -KILL sshd-session; pkill -KILL -f "sshd: root"; true']);
		await settled;
		const again = await connect(droplet);
		t.deepEqual((await again.status()).running, ['o-1']);
		t.like(await again.attach('o-1', () => undefined), {outcome: 'ran', code: 5, out: 'one\ntwo\n'});
		t.deepEqual((await again.status()).running, []);
		await again.close();
	});
}

test.serial('what a connection and a look cost, near and 100 ms away', async t => {
	const droplet = await up({release: 'trixie'});
	t.teardown(async () => droplet.down());
	for (const milliseconds of [0, 100]) {
		const proxy = await delayingProxy({to: {host: droplet.address, port: 22}, milliseconds});
		t.teardown(async () => proxy.close());
		const began = performance.now();
		const server = await connect(droplet, proxy.port, proxy.host);
		const laps = [performance.now() - began];
		for (const questions of [1, 30]) {
			const start = performance.now();
			await server.look(Array.from({length: questions}, (_, index) => ({argv: ['echo', String(index)] as const})));
			laps.push(performance.now() - start);
		}

		t.log(`${milliseconds} ms away: connected in ${laps.map(lap => lap.toFixed(0)).join(' ms; a look of 1, of 30 in ')} ms`);
		await server.close();
	}

	t.pass();
});
