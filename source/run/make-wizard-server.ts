import {adminOf, adminSteps, keyQuestionOf, withIdentity} from '../engine/roles.js';
import type {AllAnswers} from '../step.js';
import {cardAt} from '../record/rescue-card.js';
import type {ServerRecord} from '../record/server-record.js';
import {readEarlier} from '../record/run-log.js';
import {shorten} from '../server/home.js';
import {stateOf} from '../engine/judge.js';
import type {WizardServer} from '../ui/wizard-server.js';
import {asLooked} from '../ui/run-results.js';
import type {RunState} from '../ui/run-state.js';
import {displayInLines} from '../ui/lines-display.js';
import type {RunDisplay} from '../ui/screen.js';
import type {Hand} from '../ui/commands-to-type.js';
import {
	chooseKey,
	keyFor,
	logInCommand,
	namedKey,
	type FoundKey,
} from '../connect/choose-key.js';
import type {Connection} from '../connect/connection.js';
import {recordForDoing, recordForLooking} from '../connect/open-record.js';
import {chooseSteps, fillIn} from './answers.js';
import {runOnServer, keepState, type RunOptions} from './engine-run.js';
import type {LoadedApp} from './app.js';
import {handOf} from './hand-of.js';

/** What the wizard can do at a server we are logged in to. */
export const makeWizardServer = async (app: LoadedApp, connection: Connection, given: AllAnswers): Promise<WizardServer> => {
	const {terminal, options, steps: all} = app;
	const {server, name, login} = connection;
	const looking = await recordForLooking(app, connection);
	let record: ServerRecord | undefined;
	const noted = new Set<string>();
	const known = looking.known();
	const steps = chooseSteps(all, options.steps);
	const keyQuestion = keyQuestionOf(all);
	const making = adminSteps(all);
	const named = namedKey(options, given, keyQuestion);
	// For looking a key that can be had without asking is enough.
	let found: FoundKey | undefined = await keyFor({...app, questions: undefined}, connection, {wanted: named, known: known?.key, needed: undefined}).catch(() => undefined);
	let admin = known?.user ?? login.user;
	const filledIn = (typed: AllAnswers): AllAnswers => fillIn(withIdentity(typed, keyQuestion, found?.key.identity), known?.answers ?? {}, all, server.me).answers;
	const optionsFor = (typed: AllAnswers): Omit<RunOptions, 'doing' | 'decide' | 'display' | 'steps'> => {
		const answers = filledIn(typed);
		admin = adminOf(all, answers) ?? admin;
		return {
			answers, admin, key: found?.key, passphrase: found?.passphrase, repeats: true,
		};
	};

	/** As whom one types by hand: as oneself as soon as that was seen to work, for then root's log-in may be shut. */
	const handAt = (state: RunState | undefined): Hand => {
		const key = state?.steps.some(({step, ended}) => making.has(step) && ended === 'holds') ? found?.key : undefined;
		return handOf(app, connection, key ? {user: admin, identity: key.identity} : login);
	};

	return {
		name,
		practice: server.practice,
		me: server.me,
		steps,
		known: {...known?.answers, ...given},
		get before() {
			return new Set((record ?? looking).done().map(({step}) => step));
		},
		heldAt: looking.heldAt,
		async earlier() {
			const earlier = await readEarlier(app.stateDir, looking.done().map(({id}) => id));
			return earlier && {...earlier, folder: shorten(earlier.folder)};
		},
		adminIn: answers => adminOf(all, filledIn(answers)) ?? admin,
		keyQuestion,
		async findKey(questions) {
			found = await chooseKey({...app, questions}, connection, named ?? known?.key?.identity ?? login.identity);
			return found.key.identity;
		},
		async check(answers, wanted) {
			terminal.output.live('looking at the server');
			try {
				// A plan looks as a check does, and says besides whether there is something to do.
				const outcome = await runOnServer(app, connection, record ?? looking, {
					...optionsFor(answers),
					steps: wanted,
					doing: 'plan',
					decide: async () => 'skip',
					display(log) {
						const listener = displayInLines(terminal.output, terminal.theme, {
							doing: 'check', name, asks: false, log, next: () => [],
						});
						// What was found is shown as an overview; only what goes wrong is told here.
						return async (event, now) => event.event === 'trouble' || event.event === 'waiting' ? listener(event, now) : undefined;
					},
				});
				return {...outcome, state: asLooked(outcome.state), code: outcome.code === 0 && outcome.state.steps.some(({claims}) => stateOf(claims) === 'false') ? 1 : outcome.code};
			} finally {
				terminal.output.live(undefined);
			}
		},
		async apply(answers, step, show, displayOptions) {
			record ??= await recordForDoing(app, connection);
			let shown: RunDisplay | undefined;
			return runOnServer(app, connection, record, {
				...optionsFor(answers),
				steps: [step],
				doing: 'apply',
				decide: async now => shown!.decide(now),
				byHand: async (lookingOn, now) => shown!.byHand(lookingOn, now),
				display(log) {
					shown = show({
						doing: 'apply', name, asks: true, log, next: () => [], hand: handAt(displayOptions.before), ...displayOptions,
					});
					const {listener} = shown;
					// Where the rescue card lies is said before the first step that could shut anybody out, and not before each.
					return async (event, now) => {
						if (event.event !== 'note' || !noted.has(event.says)) {
							await listener(event, now);
						}

						if (event.event === 'note') {
							noted.add(event.says);
						}
					};
				},
			});
		},
		async keepState(state) {
			if (steps.length === all.length) {
				await keepState(record ?? looking, state);
			}
		},
		ending({steps: ended}) {
			const key = found?.key;
			const isIn = ended.some(one => making.has(one.step) && (one.ended === 'holds' || one.ended === 'unknown'));
			const folder = (record ?? looking).folder;
			return {
				name,
				logIn: isIn && key ? logInCommand(admin, server, key.identity) : undefined,
				card: record && folder !== undefined ? shorten(cardAt(app.stateDir, connection.place, folder)) : undefined,
				identity: key && shorten(key.identity),
			};
		},
	};
};
