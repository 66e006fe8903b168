/** "I'll type it myself": dropwise looks on. The claims decide, not the plan; but what is still unknown, and has something left to do, is not done. */
import test from 'ava';
import {practiceWorld} from '../contract/practice-world.js';
import {
	explain, go, type Options, type Told,
} from '../contract/scenario.js';
import type {Planned} from '../../source/engine/events.js';
import type {Run} from '../../source/engine/session.js';
import {listsStamp} from '../../source/facts/apt.js';
import {levels} from '../../source/practice/droplet.js';
import {plainTheme} from '../../source/ui/theme.js';
import {typingLines} from '../../source/ui/commands-to-type.js';

type Practice = Awaited<ReturnType<typeof practiceWorld>>;
type ByHand = NonNullable<Run['byHand']>;

/** The file as the plan wants it: its places changed, from the bottom up. */
const changed = (content: string, {diff = []}: Planned): string => {
	const lines = content === '' ? [] : content.replace(/\n$/, '').split('\n');
	for (const {from, lines: hunk} of diff.toReversed()) {
		const stood = hunk.filter(line => !line.startsWith('+'));
		lines.splice(Math.max(0, from - 1), stood.length, ...hunk.filter(line => !line.startsWith('-')).map(line => line.slice(1)));
	}

	return `${lines.join('\n')}\n`;
};

/** Types all that the screen shows, row by row as it stands there. */
const typeAll = async ({prompt}: Practice, plan: readonly Planned[]): Promise<string> => {
	let said = '';
	let held = '';
	for (const row of typingLines(plan, {guarded: false}, {...plainTheme, columns: 60}, true)) {
		const command = held === '' ? /^ {3}(?! )(?<command>.+)$/.exec(row)?.groups?.['command'] : row;
		if (command === undefined) {
			continue;
		}

		const entered = await prompt.enter(`${held}${command}`);
		held = 'goesOn' in entered ? `${held}${command}\n` : '';
		if ('file' in entered) {
			entered.file.keep(changed(entered.file.content, plan.find(({file}) => file?.path === entered.file.path)!));
		} else if ('said' in entered) {
			said += `${command}: ${entered.said}\n`;
		}
	}

	return said;
};

const planOf = (events: Told['events'], step: string): readonly Planned[] => events.flatMap(event => event.event === 'planned' && event.step === step ? [event.actions] : []).at(-1) ?? [];

for (const level of levels) {
	test(`${level}: every step holds by nothing but what is shown to be typed`, async t => {
		const world = await practiceWorld(level);
		t.teardown(async () => world.close());
		const events: Array<Told['events'][number]> = [];
		const log: string[] = [];
		const told = await go(world, 'apply', {
			listener(event) {
				events.push(event);
			},
			decide: async () => 'typed',
			async byHand({step}, {look}) {
				log.push(await typeAll(world, planOf(events, step)));
				if (log.length > 10) {
					return 'stop';
				}

				await look();
				return 'back';
			},
		});
		t.is(told.exitCode, 0, `${explain(told)}\n${log.join('\n')}`);
		t.deepEqual(told.red, []);
		t.deepEqual(told.did, [], 'nothing was done for the person');
		t.true(log.length >= 4);
		// It did happen, and a look from scratch says the same.
		t.is((await go(world, 'check', {login: world.admin})).exitCode, 0);
	});
}

/** Does these things one after another, each once it was looked at, and never says that it is done. */
const doing = (...things: ReadonlyArray<() => Promise<unknown>>): ByHand => async (_, {look, over}) => {
	for (const thing of things) {
		await thing();
		await look();
	}

	return new Promise(resolve => {
		over.addEventListener('abort', () => {
			resolve('back');
		});
		if (over.aborted) {
			resolve('back');
		}
	});
};

const ada: Pick<Options, 'decide' | 'only'> = {only: ['admin-user'], decide: async () => 'typed'};

test('each claim turns as it comes to hold, and with the last it is over: another way than was shown', async t => {
	const world = await practiceWorld('debian-13');
	t.teardown(async () => world.close());
	const told = await go(world, 'apply', {
		...ada, byHand: doing(
			async () => world.do(['useradd', '--create-home', '--shell', '/bin/bash', 'ada']),
			async () => world.write('/etc/sudoers.d/my-own', 'ada ALL=(ALL) NOPASSWD: ALL\n', 0o440),
			async () => world.do(['install', '-d', '-m', '700', '-o', 'ada', '-g', 'ada', '/home/ada/.ssh']),
			async () => {
				await world.write('/home/ada/.ssh/authorized_keys', `${world.key.publicKey} ada\n`, 0o600);
				await world.do(['chown', 'ada:ada', '/home/ada/.ssh/authorized_keys']);
			},
		),
	});
	t.is(told.exitCode, 0, explain(told));
	const reds = told.events.flatMap(event => event.event === 'claims' && event.stands === 'after' ? [event.claims.filter(claim => 'holds' in claim && !claim.holds).length] : []);
	t.deepEqual(reds, [...reds].toSorted((a, b) => b - a));
	t.is(reds.at(-1), 0);
	t.true(reds.length >= 3, reds.join(' '));
	t.is(await world.read('/etc/sudoers.d/dropwise-ada'), undefined);
	t.deepEqual(told.did, []);
});

test('what is left to type is told anew as things are done, with what turns out to be due only then; a server that the person restarts is found again', async t => {
	const world = await practiceWorld('ubuntu-14.04');
	t.teardown(async () => world.close());
	const lefts: string[][] = [];
	const told = await go(world, 'apply', {
		only: ['system-updates'], decide: async () => 'typed',
		listener(event) {
			if (event.event === 'planned' || event.event === 'left') {
				lefts.push(event.actions.map(({shows}) => shows));
			}
		},
		byHand: doing(
			async () => world.do(['apt-get', 'update']),
			async () => world.do(['touch', listsStamp]),
			async () => world.do(['apt-get', '-y', 'upgrade']),
			async () => world.prompt.enter('reboot'),
		),
	});
	t.is(told.exitCode, 0, explain(told));
	t.deepEqual(told.red, []);
	t.deepEqual(lefts.filter((left, index) => left.join() !== lefts[index - 1]?.join()), [['apt-get upgrade'], ['reboot'], []]);
	t.true(told.events.every(event => event.event !== 'planned' || event.round === 1), 'nobody had to go back for it');
});

test('one who restarts the server again, just when it is back, is waited for again', async t => {
	const world = await practiceWorld('ubuntu-14.04');
	t.teardown(async () => world.close());
	const server = await world.open(world.root);
	const reconnect = server.reconnect.bind(server);
	let again = true;
	Object.assign(server, {async reconnect(login: Parameters<typeof reconnect>[0]) {
		await reconnect(login);
		if (again) {
			again = false;
			await world.prompt.enter('reboot');
		}
	}});
	const told = await go(world, 'apply', {
		server, only: ['system-updates'], decide: async () => 'typed',
		byHand: doing(
			async () => world.prompt.enter('reboot'),
			async () => world.do(['apt-get', 'update']),
			async () => world.do(['touch', listsStamp]),
			async () => world.do(['apt-get', '-y', 'upgrade']),
			async () => world.prompt.enter('reboot'),
		),
	});
	t.false(again);
	t.is(told.exitCode, 0, explain(told));
});

test('where a wrong word could shut everybody out, the rescue card is written before anything is typed', async t => {
	const world = await practiceWorld('debian-13');
	t.teardown(async () => world.close());
	t.is((await go(world, 'apply', {only: ['admin-user']})).exitCode, 0);
	const happened: string[] = [];
	const told = await go(world, 'apply', {
		only: ['ssh-keys-only'], decide: async () => 'typed',
		async rescue() {
			happened.push('written');
			return '/somewhere/rescue.txt';
		},
		async byHand() {
			happened.push('typed');
			return 'stop';
		},
	});
	t.deepEqual(happened, ['written', 'typed']);
	const [trouble] = told.events.flatMap(event => event.event === 'trouble' ? [event.trouble] : []);
	t.regex(trouble?.what ?? '', /^Stopped\. What you typed yourself stays as it is: nothing puts that back\./);
	t.true(trouble?.tries.includes('How to get in by hand is written down in /somewhere/rescue.txt'));
});

test('a wrong way leaves the claim red, with what is there instead', async t => {
	const world = await practiceWorld('debian-13');
	t.teardown(async () => world.close());
	const told = await go(world, 'apply', {
		...ada, decide: (() => {
			const said = ['typed', 'skip'] as const;
			let asked = 0;
			return async () => said[asked++]!;
		})(),
		async byHand(_, {look}) {
			await world.do(['useradd', '--create-home', '--shell', '/bin/bash', 'eve']);
			await world.do(['useradd', '--create-home', '--shell', '/bin/bash', 'ada']);
			await world.write('/etc/sudoers.d/eve', 'eve ALL=(ALL) NOPASSWD: ALL\n', 0o440);
			await look();
			return 'back';
		},
	});
	const sudo = [...told.verdicts].find(([id]) => id.startsWith('admin-user/') && id.includes('sudo'))?.[1];
	t.like(sudo, {holds: false});
	t.true(told.red.length > 0);
	t.true(told.events.some(event => event.event === 'step-finished' && event.ended === 'skipped'));
	t.is(told.events.filter(event => event.event === 'planned').at(-1)?.round, 2, 'what is left is another plan');
});

test('whoever goes back with nothing done is asked the same again, not about a rest', async t => {
	const world = await practiceWorld('debian-13');
	t.teardown(async () => world.close());
	const said = ['typed', 'typed', 'skip'] as const;
	let asked = 0;
	const told = await go(world, 'apply', {
		...ada, decide: async () => said[asked++]!, byHand: async () => 'back',
	});
	t.deepEqual(told.events.flatMap(event => event.event === 'planned' ? [event.round] : []), [1, 1, 1]);
});

test('whoever stops while typing has stopped', async t => {
	const world = await practiceWorld('debian-13');
	t.teardown(async () => world.close());
	const told = await go(world, 'apply', {...ada, byHand: async () => 'stop'});
	t.is(told.exitCode, 130, explain(told));
	t.deepEqual(told.did, []);
});

test('lists that were not read are asked about again, for nobody knows what is newer', async t => {
	const world = await practiceWorld('debian-13');
	t.teardown(async () => world.close());
	const said = ['typed', 'skip'] as const;
	let asked = 0;
	const told = await go(world, 'apply', {only: ['system-updates'], decide: async () => said[asked++]!});
	t.is(asked, 2, explain(told));
	t.true(told.events.some(event => event.event === 'step-finished' && event.ended === 'skipped'));
});

test('what fails while somebody types ends the run with its reason, and is not waited for', async t => {
	const world = await practiceWorld('debian-13');
	t.teardown(async () => world.close());
	await t.throwsAsync(go(world, 'apply', {
		...ada, async byHand() {
			throw new Error('the screen is gone');
		},
	}), {message: 'the screen is gone'});
});
