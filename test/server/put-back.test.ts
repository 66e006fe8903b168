/** A revert is looked at: what it could not put back is named. */
import {
	appendFileSync,
	chmodSync,
	existsSync,
	mkdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {readAmiss} from '../../source/server/replies.js';
import {carrierProgram, revertProgram} from '../../source/server/program.js';
import {armRequest, simpleRequest} from '../../source/server/requests.js';
import {shells} from './local-carrier.js';
import {sha, stage, status} from './stage.js';

/** As the kernel lists what listens: port 22 in hexadecimal, state 0A. */
const listening = '  sl  local_address rem_address   st\n   0: 0100007F:0016 00000000:0000 0A 00000000:00000000\n';

/** A server under systemd, whose units are lines of a file, armed for one who came by port 22. */
const armed = async (t: ExecutionContext, shell: typeof shells[number], units: readonly string[]) => {
	const {carrier, place, act} = await stage(t, shell, {guard: 'g-1'});
	const at = (...parts: readonly string[]): string => path.join(place.root, ...parts);
	for (const folder of ['run/systemd/system', 'proc/net', 'etc/systemd/system/multi-user.target.wants']) {
		mkdirSync(at(folder), {recursive: true});
	}

	const started = at('started');
	writeFileSync(at('units'), units.map(unit => `${unit} loaded active running What it is\n`).join(''));
	writeFileSync(started, '');
	writeFileSync(at('proc/net/tcp'), listening);
	writeFileSync(at('bin/systemctl'), `#!/bin/sh\ncase $1 in\nlist-units) cat '${at('units')}' ;;\nstart) [ ! -e '${at('refuses')}' ] || exit 1; echo "$2 loaded active running" >>'${at('units')}'; echo "$2" >>'${started}' ;;\nesac\n`);
	writeFileSync(at('bin/systemd-run'), '#!/bin/sh\nexit 1\n');
	for (const name of ['systemctl', 'systemd-run']) {
		chmodSync(at('bin', name), 0o755);
	}

	const {name, bytes} = await carrier.ask(armRequest('g-1', 'me', 60, 22, revertProgram()));
	t.is(name, 'yes', bytes.toString());
	return {
		at, act,
		/** What it says on the spot, which is what it says to whoever asks later. */
		async revert() {
			const answer = await carrier.ask(simpleRequest('revert', 'g-1'));
			const amiss = readAmiss(answer.bytes.toString().split('\n'));
			t.deepEqual((await status(carrier)).guard, {
				state: 'reverted', id: 'g-1', why: 'asked', amiss,
			});
			return amiss;
		},
		started: () => readFileSync(started, 'utf8'),
	};
};

for (const shell of shells) {
	test.serial(`${shell}: all put back: nothing is named`, async t => {
		const {at, act, revert, started} = await armed(t, shell, ['ssh.service', 'dbus.socket']);
		writeFileSync(at('files/a b'), 'old');
		await act({
			id: 'o-1', do: 'write', path: at('files/a b'), expects: sha('old'), content: 'new', mode: 0o600,
		});
		await act({
			id: 'o-2', do: 'write', path: at('files/a b'), expects: sha('new'), content: 'newer', mode: 0o644,
		});
		t.deepEqual(await revert(), []);
		t.is(readFileSync(at('files/a b'), 'utf8'), 'old');
		t.is(started(), '');
	});

	test.serial(`${shell}: files that could not be put back, or have another mode`, async t => {
		const {at, act, revert} = await armed(t, shell, []);
		for (const name of ['lost', 'kept é']) {
			writeFileSync(at('files', name), name);
			await act({
				id: `o-${name.length}`, do: 'write', path: at('files', name), expects: sha(name), content: 'new', mode: 0o644,
			});
		}

		await act({
			id: 'o-9', do: 'run', argv: ['true'], undo: [['chmod', '600', at('files/kept é')]],
		});
		await act({
			id: 'o-10', do: 'write', path: at('files/made'), expects: 'absent', content: 'new', mode: 0o644,
		});
		rmSync(at('files/made'));
		mkdirSync(at('files/made'));
		rmSync(at('var/lib/dropwise/kept', sha('lost')));
		t.deepEqual(await revert(), [`the file ${at('files/lost')}`, `the file ${at('files/made')}`]);
		t.is(readFileSync(at('files/kept é'), 'utf8'), 'kept é');
	});

	test.serial(`${shell}: what ran and runs no more is started, or named; what others end is theirs`, async t => {
		const {at, act, revert, started} = await armed(t, shell, ['ssh.socket', 'mine.service', 'nightly.service']);
		await act({
			id: 'o-1', do: 'run', argv: ['true', 'mine'], undo: [['true', 'mine']],
		});
		writeFileSync(at('units'), '');
		t.deepEqual(await revert(), []);
		t.is(started(), 'ssh.socket\nmine.service\n');
	});

	test.serial(`${shell}: what cannot be started is named, and so is SSH's port`, async t => {
		const {at, revert} = await armed(t, shell, ['ssh.socket']);
		writeFileSync(at('units'), '');
		writeFileSync(at('refuses'), '');
		writeFileSync(at('proc/net/tcp'), listening.replace('0A', '01'));
		t.deepEqual(await revert(), ['ssh.socket, which ran and runs no more', 'port 22, where SSH listened and nothing does now']);
		t.true(existsSync(at('var/lib/dropwise/guard/log')));
	});

	test.serial(`${shell}: what comes to itself within seconds is not named`, async t => {
		const {at, act, revert} = await armed(t, shell, ['ssh.service']);
		appendFileSync(at('bin/comes-back'), `#!/bin/sh\n(sleep 1.5; cp '${at('listening')}' '${at('proc/net/tcp')}') >/dev/null 2>&1 &\n`);
		chmodSync(at('bin/comes-back'), 0o755);
		writeFileSync(at('listening'), listening);
		await act({
			id: 'o-1', do: 'run', argv: ['true'], undo: [['comes-back']],
		});
		writeFileSync(at('proc/net/tcp'), '');
		t.deepEqual(await revert(), []);
	});
}

test('no two functions of a program have the same name', t => {
	for (const program of [carrierProgram(), revertProgram()]) {
		const names = [...program.matchAll(/^(\w+)\(\)/gm)].map(([, name]) => name);
		t.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), []);
	}
});
