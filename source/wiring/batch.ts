import process from 'node:process';
import type {Decide} from '../engine/events.js';
import {sshCommand} from '../record/rescue-card.js';
import {jsonLines} from '../ui/json.js';
import {tellInLines} from '../ui/lines.js';
import type {Progress} from '../ui/progress.js';
import {decideByAsking} from '../ui/wizard.js';
import {
	chooseSteps,
	fillIn,
	readAnswers,
	type AllAnswers,
} from './answers.js';
import type {Command} from './arguments.js';
import {conduct, type Piece} from './conduct.js';
import type {House} from './house.js';
import {keyFor} from './keys.js';
import {reach} from './reach.js';
import {recordForDoing, recordForLooking, type Reached} from './reached.js';
import {tellTrouble} from './failure.js';
import type {Target} from './target.js';
import {UsageError} from './usage-error.js';

type Batch = Extract<Command, {targets: unknown}>;

const doAll: Decide = async () => 'do';

const nextSteps = ({do: doing, options}: Batch, name: string, admin: string, reached: Reached, identity: string | undefined) => ({steps, practice, troubles}: Progress): readonly string[] => {
	const open = steps.some(({ended}) => ended === 'false' || ended === 'failed' || ended === 'reverted' || ended === 'skipped');
	const {address, sshPort} = reached.server.me;
	switch (doing) {
		case 'check': {
			return open ? ['Next:', `  dropwise ${name}   goes through what is left with you`, `  dropwise apply ${name} --yes   does it without questions`] : [];
		}

		case 'plan': {
			return steps.some(({planned}) => planned > 0) ? ['Next:', `  dropwise apply ${name} --yes   does it`] : [];
		}

		case 'apply': {
			const isIn = identity !== undefined && steps.some(({step, ended}) => step === 'admin-user' && (ended === 'holds' || ended === 'unknown'));
			return [
				...(isIn && !options.json ? [`${practice ? 'On a real server you would log in with' : 'Log in with'}:`, `  ${sshCommand(admin, address, sshPort, identity)}`] : []),
				...(open ? ['Next:', `  dropwise check ${name}   shows what is left`] : []),
			];
		}

		case 'undo': {
			return troubles > 0 ? [] : ['It is put back. Next:', `  dropwise check ${name}   shows how things stand`];
		}
	}
};

const one = async (house: House, command: Batch, target: Target, given: AllAnswers): Promise<number> => {
	const {front, options, questions, steps: all} = house;
	const {do: doing, step} = command;
	const reached = await reach(house, target);
	try {
		const keeper = await (doing === 'apply' || doing === 'undo' ? recordForDoing : recordForLooking)(house, reached);
		const known = keeper.known();
		const steps = chooseSteps(all, options.steps);
		const found = await keyFor(house, reached, {
			wanted: options.identity ?? given['admin-user']?.identity as string | undefined, known: known?.key, needed: doing === 'apply' && steps.some(({id}) => id === 'admin-user'),
		});
		const withKey: AllAnswers = found ? {...given, 'admin-user': {...given['admin-user'], identity: found.key.identity}} : given;
		const {answers, missing} = fillIn(withKey, known?.answers ?? {}, all, reached.server.me);
		const unanswered = missing.filter(name => doing === 'apply' && steps.some(({id}) => name.startsWith(`${id}.`)) && name !== 'admin-user.identity');
		if (unanswered.length > 0) {
			throw new UsageError(`These answers are missing: ${unanswered.join(', ')}. Give them with --answers FILE.json, for example {"${unanswered[0]!.replace('.', '": {"')}": …}}.`);
		}

		const admin = answers['admin-user']?.name as string | undefined ?? known?.user ?? reached.login.user;
		const asks = doing === 'apply' && !options.yes && questions !== undefined;
		const piece: Piece = {
			doing,
			...(step !== undefined && {undo: step}),
			steps: doing === 'undo' ? all : steps,
			answers,
			admin,
			key: found?.key,
			passphrase: found?.passphrase,
			decide: asks ? decideByAsking(questions) : doAll,
			tell: log => options.json
				? jsonLines(text => process.stdout.write(text), target.name)
				: tellInLines(front.sink, front.look, {
					doing, name: reached.name, asks, log, next: nextSteps(command, reached.name, admin, reached, found?.key.identity),
				}).hear,
		};
		return (await conduct(house, reached, keeper, piece)).code;
	} finally {
		await reached.server.close();
	}
};

/** check, plan, apply and undo: one server after another; the worst exit code stands for all. */
export const runBatch = async (house: House, command: Batch): Promise<number> => {
	const {options, steps, front, stopping} = house;
	chooseSteps(steps, options.steps ?? (command.step === undefined ? undefined : [command.step]));
	const given = await readAnswers(options.answers, steps);
	if (command.do === 'apply' && !options.yes && house.questions === undefined) {
		throw new UsageError(`apply asks before each step, and nobody can answer here: say --yes to do it without questions, for example dropwise apply ${command.targets[0]!.name} --yes.`);
	}

	let worst = 0;
	for (const target of command.targets) {
		let code: number;
		try {
			// One server after another: their lines would mix otherwise.
			code = await one(house, command, target, given);
		} catch (error) {
			front.sink.live(undefined);
			code = tellTrouble(error, house, target.name);
		}

		worst = Math.max(worst, code);
		if (stopping.stopped) {
			return 130;
		}
	}

	return worst;
};
