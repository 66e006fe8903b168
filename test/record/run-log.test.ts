import {mkdtemp} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {openRunLog, readEarlier, saidIn} from '../../source/record/run-log.js';

test('what was done and said in earlier runs is read back from their logs, in their order', async t => {
	const stateDir = await mkdtemp(path.join(tmpdir(), 'dropwise-runs-'));
	for (const [run, shows, text] of [['20261128-160000-00ff', 'ufw allow 80/tcp', 'Rule added\nRule added (v6)\n'], ['20261127-160000-0001', 'useradd ada', 'it says action-started action={}\n\u001B[2J']] as const) {
		const {write} = await openRunLog(stateDir, run);
		await write({event: 'run-started', run});
		await write({event: 'action-started', step: 'a', action: {id: 'x', do: 'run', because: 'action={"shows":"no"}', shows}});
		await write({event: 'output', id: 'x', stream: 'out', text});
		await write({event: 'action-finished', step: 'a', id: 'x', code: 0});
	}

	const earlier = await readEarlier(stateDir, ['20261128-160000-00ff-firewall-1', '20261127-160000-0001-admin-user-1', '20261127-160000-0001-admin-user-2', '20200101-000000-dead-gone-1', '../../x']);
	t.deepEqual(earlier?.said, ['> useradd ada', 'it says action-started action={}', String.raw`\u001b[2J`, '> ufw allow 80/tcp', 'Rule added', 'Rule added (v6)']);
	t.is(earlier?.folder, path.join(stateDir, 'runs'));
	t.is(await readEarlier(stateDir, []), undefined);
});

test('a line that was cut off is left out', t => {
	t.deepEqual(saidIn('2026 action-started step=a action={"id":"x","sho\n2026   ! E: no\n'), ['E: no']);
});
