import process from 'node:process';
import {adminOf, adminSteps, keyQuestionOf, makesAdmin, withIdentity} from '../engine/roles.js';
import type {AllAnswers} from '../step.js';
import type {Doing} from '../engine/events.js';
import {heardByAll} from '../engine/listeners.js';
import {jsonLines} from '../ui/json.js';
import {displayInLines, type DisplayOptions} from '../ui/lines-display.js';
import type {Theme} from '../ui/theme.js';
import type {RunState} from '../ui/run-state.js';
import type {RunDisplay} from '../ui/screen.js';
import {keyFor, logInCommand, namedKey} from '../connect/choose-key.js';
import {connectTo} from '../connect/connect.js';
import type {Connection} from '../connect/connection.js';
import {recordForDoing, recordForLooking, recordIfAny} from '../connect/open-record.js';
import type {Target} from '../connect/target.js';
import {UsageError} from '../usage-error.js';
import {reportFailure} from './report-failure.js';
import {withSteps, type App, type LoadedApp, type Options} from './app.js';
import {handOf} from './hand-of.js';
import {runOnServer, type RunOptions} from './engine-run.js';
import {chooseSteps, fillIn, readAnswers} from './answers.js';

/** A command that asks no more than it must: `step` is the one to undo. */
export type Batch = {readonly do: Doing; readonly targets: readonly Target[]; readonly step: string | undefined; readonly options: Options};

const nextSteps = ({do: doing, options}: Batch, theme: Theme, name: string, admin: string, connection: Connection, identity: string | undefined, making: ReadonlySet<string>) => ({steps, practice, troubles}: RunState): readonly string[] => {
	const open = steps.some(({ended}) => ended === 'false' || ended === 'failed' || ended === 'reverted' || ended === 'skipped');
	const {program} = theme;
	switch (doing) {
		case 'check': {
			return open ? ['Next:', `  ${program} ${name}   goes through what is left with you`, `  ${program} apply ${name} --yes   does it without questions`] : [];
		}

		case 'plan': {
			return steps.some(({planned}) => planned > 0) ? ['Next:', `  ${program} apply ${name} --yes   does it`] : [];
		}

		case 'apply': {
			const isIn = identity !== undefined && steps.some(({step, ended}) => making.has(step) && (ended === 'holds' || ended === 'unknown'));
			return [
				...(isIn && !options.json ? [`${practice ? 'On a real server you would log in with' : 'Log in with'}:`, `  ${logInCommand(admin, connection.server, identity)}`] : []),
				...(open ? ['Next:', `  ${program} check ${name}   shows what is left`] : []),
			];
		}

		case 'undo': {
			return troubles > 0 ? [] : ['It is put back. Next:', `  ${program} check ${name}   shows how things stand`];
		}
	}
};

/** The steps, and what was said about them. */
type Loaded = {readonly loaded: LoadedApp; readonly given: AllAnswers};

const load = async (app: App, {options, step}: Batch): Promise<Loaded> => {
	const loaded = await withSteps(app);
	chooseSteps(loaded.steps, options.steps ?? (step === undefined ? undefined : [step]));
	return {loaded, given: await readAnswers(options.answers, loaded.steps)};
};

/** Connects, and loads what there is to do while the server takes its time to answer. */
const arrive = async (app: App, target: Target, looking: boolean, steps: () => Promise<Loaded>): Promise<readonly [Connection, Loaded]> => {
	const {promise: greeted, resolve: greet} = Promise.withResolvers<void>();
	return Promise.all([
		connectTo(app, target, {looking, greeted: greet}).finally(greet),
		greeted.then(steps),
	]);
};

/** How one comes to be logged in is told to whoever reads the events as well. */
const heardAsJson = (app: App, server: string): App => ({...app, listener: heardByAll(app.listener, async event => jsonLines(text => process.stdout.write(text), server)(app.redactor.value(event)))});

const one = async (app: App, command: Batch, target: Target, loadOnce: () => Promise<Loaded>): Promise<number> => {
	const {do: doing, step} = command;
	const [connection, {loaded, given}] = await arrive(app.options.json ? heardAsJson(app, target.name) : app, target, doing === 'check' || doing === 'plan', loadOnce);
	const {terminal, options, questions, steps: all} = loaded;
	try {
		const record = await (doing === 'apply' || doing === 'undo' ? recordIfAny : recordForLooking)(loaded, connection);
		const known = record?.known();
		const steps = chooseSteps(all, options.steps);
		const question = keyQuestionOf(all);
		const keyName = question && `${question.step}.${question.field}`;
		const found = await keyFor(loaded, connection, {
			wanted: namedKey(options, given, question), known: known?.key, needed: doing === 'apply' && steps.some(each => makesAdmin(each)) ? keyName : undefined,
		});
		const {answers, missing} = fillIn(withIdentity(given, question, found?.key.identity), known?.answers ?? {}, all, connection.server.me);
		const unanswered = missing.filter(name => doing === 'apply' && steps.some(({id}) => name.startsWith(`${id}.`)) && name !== keyName);
		if (unanswered.length > 0) {
			throw new UsageError(`These answers are missing: ${unanswered.join(', ')}. Give them with --answers FILE.json, for example {"${unanswered[0]!.replace('.', '": {"')}": …}}.`);
		}

		const admin = adminOf(all, answers) ?? known?.user ?? connection.login.user;
		const asks = doing === 'apply' && !options.yes && questions !== undefined;
		let shown: RunDisplay | undefined;
		const show = (displayOptions: DisplayOptions): RunDisplay => asks ? loaded.screen!.show(displayOptions) : {listener: displayInLines(terminal.output, terminal.theme, displayOptions), decide: async () => 'do', byHand: async () => 'back'};
		const runOptions: RunOptions = {
			doing,
			...(step !== undefined && {undo: step}),
			steps: doing === 'undo' ? all : steps,
			answers,
			admin,
			key: found?.key,
			passphrase: found?.passphrase,
			repeats: asks || options.steps !== undefined,
			decide: async now => shown ? shown.decide(now) : 'do',
			byHand: async (looking, now) => shown!.byHand(looking, now),
			display(log) {
				if (options.json) {
					return jsonLines(text => process.stdout.write(text), target.name);
				}

				shown = show({
					doing, name: connection.name, asks, log, hand: handOf(loaded, connection, connection.login), next: nextSteps(command, terminal.theme, connection.name, admin, connection, found?.key.identity, adminSteps(all)),
				});
				return shown.listener;
			},
		};
		return (await runOnServer(loaded, connection, record ?? await recordForDoing(loaded, connection), runOptions)).code;
	} finally {
		await connection.server.close();
	}
};

/** check, plan, apply and undo: one server after another; the worst exit code stands for all. */
export const runBatch = async (app: App, command: Batch): Promise<number> => {
	const {options, terminal, interrupts} = app;
	let loading: Promise<Loaded> | undefined;
	const loadOnce = async (): Promise<Loaded> => loading ??= load(app, command);
	// What a person said about steps may be wrong: that is told before anything is connected to.
	if ((options.steps ?? options.answers ?? command.step) !== undefined) {
		await loadOnce();
	}

	if (command.do === 'apply' && !options.yes && app.questions === undefined) {
		throw new UsageError(`apply asks before each step, and nobody can answer here: say --yes to do it without questions, for example dropwise apply ${command.targets[0]!.name} --yes.`);
	}

	let worst = 0;
	for (const target of command.targets) {
		let code: number;
		try {
			// One server after another: their lines would mix otherwise.
			code = await one(app, command, target, loadOnce);
		} catch (error) {
			terminal.output.live(undefined);
			code = reportFailure(error, app, target.name);
		}

		worst = Math.max(worst, code);
		if (interrupts.stopped) {
			return 130;
		}
	}

	return worst;
};
