import {
	existsSync,
	readdirSync,
	readFileSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import test from 'ava';
import {ConnectionLost} from '../../source/server/connect-error.js';
import {
	actRequest,
	followRequest,
	lockRequest,
	renewRequest,
	simpleRequest,
} from '../../source/server/requests.js';
import {hide} from '../../source/server/secret.js';
import type {Order} from '../../source/server/server.js';
import {shells, startCarrier} from './local-carrier.js';
import {
	nothing,
	stage,
	status,
} from './stage.js';

for (const shell of shells) {
	test.serial(`${shell}: an order streams, keeps its exit code, and never runs twice`, async t => {
		const {act, carrier, file} = await stage(t, shell);
		const heard: string[] = [];
		const order: Order = {
			id: 'o-1', do: 'run', argv: ['sh', '-c', String.raw`echo ä >>"$0"; printf "\303"; sleep 0.4; printf "\244\n"; echo bad >&2; cat; exit 7`, file('ran')], stdin: hide('geheim'),
		};
		const first = await act(order, ({stream, text}) => {
			heard.push(`${stream} ${text}`);
		});
		t.like(first, {
			outcome: 'ran', code: 7, out: 'ä\ngeheim', err: 'bad\n', kept: [],
		});
		t.is(heard.filter(said => said.startsWith('out')).map(said => said.slice(4)).join(''), 'ä\ngeheim');
		t.deepEqual(await act(order), first);
		t.deepEqual(await carrier.runOrder(followRequest('o-1'), nothing), first);
		t.is(readFileSync(file('ran'), 'utf8'), 'ä\n');
		t.is(await carrier.runOrder(followRequest('unknown'), nothing), undefined);
	});

	test.serial(`${shell}: no secret stays`, async t => {
		const {act, place, cut, ended} = await stage(t, shell);
		await act({
			id: 'o-1', do: 'run', argv: ['true'], stdin: hide('pa55word-of-ada'),
		});
		cut();
		await ended;
		for (const entry of readdirSync(place.root, {recursive: true, withFileTypes: true})) {
			if (entry.isFile() && !entry.parentPath.includes('/proc')) {
				t.false(readFileSync(path.join(entry.parentPath, entry.name), 'utf8').includes('pa55word'), entry.name);
			}
		}
	});

	test.serial(`${shell}: an order goes on when the connection ends, and is heard from its first output`, async t => {
		const {carrier, place, file, cut, ended} = await stage(t, shell);
		const lost = carrier.runOrder(actRequest({
			id: 'o-1', do: 'run', argv: ['sh', '-c', 'echo one; echo >"$0.begun"; while [ ! -e "$0" ]; do sleep 0.05; done; echo two', file('go')],
		}, 'me', undefined), nothing);
		while (!existsSync(file('go.begun'))) {
			await delay(50);
		}

		cut();
		await t.throwsAsync(lost, {instanceOf: ConnectionLost});
		await ended;
		const again = startCarrier(place);
		t.deepEqual((await status(again.carrier)).running, ['o-1']);
		file('go', '');
		const outcome = await again.carrier.runOrder(followRequest('o-1'), nothing);
		t.like(outcome, {outcome: 'ran', code: 0, out: 'one\ntwo\n'});
		t.deepEqual((await status(again.carrier)).running, []);
		again.cut();
		await again.ended;
	});

	test.serial(`${shell}: what a restart of the server ended is told so, and does not run again`, async t => {
		const {act, carrier, place, file} = await stage(t, shell);
		await act({
			id: 'o-1', do: 'run', argv: ['sh', '-c', 'echo ran >>"$0"', file('ran')],
		});
		const half: Order = {
			id: 'o-2', do: 'run', argv: ['sh', '-c', 'kill -9 $PPID; sleep 0.2'],
		};
		t.like(await act(half), {outcome: 'ran', code: 255, err: 'The command was killed before it could say how it ended.\n'});
		writeFileSync(path.join(place.root, 'var/lib/dropwise/orders/o-3'), 'boot-0\nkept absent - - - /etc/x\n');
		t.deepEqual(await carrier.runOrder(followRequest('o-3'), nothing), {
			outcome: 'ran', code: 255, out: '', err: 'The server restarted, or lost power, while this was under way.\n', kept: [{path: '/etc/x', sha256: 'absent'}],
		});
		t.like(await act({...half, id: 'o-3'}), {code: 255});
		t.is(readFileSync(file('ran'), 'utf8'), 'ran\n');
	});

	test.serial(`${shell}: of two carriers one has the lease, until it lapses`, async t => {
		const {act, carrier, place, file} = await stage(t, shell, {locked: false});
		const other = startCarrier(place);
		t.teardown(async () => {
			other.cut();
			await other.ended;
		});
		const answers = await Promise.all([carrier.ask(lockRequest('me', 'ada@laptop since 10:31')), other.carrier.ask(lockRequest('you', 'bob'))]);
		t.deepEqual(answers.map(({name}) => name).sort(), ['no', 'yes']);
		const holds = answers[0].name === 'yes' ? 'me' : 'you';
		const lacks = holds === 'me' ? 'you' : 'me';
		const order: Order = {
			id: 'o-1', do: 'run', argv: ['touch', file('ran')],
		};
		const refused = await act(order, nothing, lacks);
		t.like(refused, {outcome: 'refused', kept: []});
		t.false(existsSync(file('ran')));
		t.like(await act(order, nothing, holds), {outcome: 'ran', code: 0});
		carrier.send(renewRequest(holds));
		await status(carrier);
		t.is((await status(other.carrier)).lease?.holder, holds === 'me' ? 'ada@laptop since 10:31' : 'bob');
		// thirty seconds later, by the server's clock
		const lease = path.join(place.root, 'run/dropwise/lease');
		const [token, , holder] = readFileSync(lease, 'utf8').split('\n');
		writeFileSync(lease, `${token}\n1\n${holder}\n`);
		t.is((await status(other.carrier)).lease, undefined);
		t.is((await other.carrier.ask(lockRequest(lacks, 'next'))).name, 'yes');
		t.like(await act({...order, id: 'o-2'}, nothing, holds), {outcome: 'refused'});
	});

	test.serial(`${shell}: the server is given its id once`, async t => {
		const {carrier, place} = await stage(t, shell);
		const {bytes} = await carrier.ask(simpleRequest('assign-id'));
		t.is(bytes.toString(), '4f3c1f0e-0000-4000-8000-000000000001');
		writeFileSync(path.join(place.root, 'proc/sys/kernel/random/uuid'), 'another\n');
		t.is((await carrier.ask(simpleRequest('assign-id'))).bytes.toString(), bytes.toString());
		t.is((await status(carrier)).id, bytes.toString());
	});
}
