import type {Keeper} from '../record/keeper.js';
import {readEarlier} from '../record/run-log.js';
import {shorten} from '../server/home.js';
import {stateOf} from '../engine/judge.js';
import type {Berth} from '../ui/berth.js';
import {asLooked, type Progress} from '../ui/progress.js';
import {tellInLines} from '../ui/lines.js';
import type {Shown} from '../ui/table.js';
import type {Hand} from '../ui/typing.js';
import {chooseSteps, fillIn, type AllAnswers} from './answers.js';
import {conduct, stand, type Piece} from './conduct.js';
import type {House} from './house.js';
import {
	chooseKey,
	keyFor,
	logInCommand,
	namedKey,
	type FoundKey,
} from './keys.js';
import {recordForDoing, recordForLooking, type Reached} from './reached.js';
import {cardOf} from './rescue.js';

/** What the wizard can do at a server we are logged in to. */
export const berthAt = async (house: House, reached: Reached, given: AllAnswers): Promise<Berth> => {
	const {front, options, steps: all} = house;
	const {server, name, login} = reached;
	const looking = await recordForLooking(house, reached);
	let keeper: Keeper | undefined;
	const noted = new Set<string>();
	const known = looking.known();
	const steps = chooseSteps(all, options.steps);
	const named = namedKey(options, given);
	// For looking a key that can be had without asking is enough.
	let found: FoundKey | undefined = await keyFor({...house, questions: undefined}, reached, {wanted: named, known: known?.key, needed: false}).catch(() => undefined);
	let admin = known?.user ?? login.user;
	const pieceOf = (typed: AllAnswers): Omit<Piece, 'doing' | 'decide' | 'tell' | 'steps'> => {
		const withKey: AllAnswers = found ? {...typed, 'admin-user': {...typed['admin-user'], identity: found.key.identity}} : typed;
		const {answers} = fillIn(withKey, known?.answers ?? {}, all, server.me);
		admin = answers['admin-user']?.name as string | undefined ?? admin;
		return {
			answers, admin, key: found?.key, passphrase: found?.passphrase,
		};
	};

	/** As whom one types by hand: as oneself as soon as that was seen to work, for then root's log-in may be shut. */
	const handAt = (progress: Progress | undefined): Hand => {
		const key = progress?.steps.some(({step, ended}) => step === 'admin-user' && ended === 'holds') ? found?.key : undefined;
		const user = key ? admin : login.user;
		return {practice: server.practice, logIn: logInCommand(user, server, key ? key.identity : login.identity), isRoot: user === 'root'};
	};

	return {
		name,
		practice: server.practice,
		me: server.me,
		steps,
		known: {...known?.answers, ...given},
		before: new Set(looking.done().map(({step}) => step)),
		heldAt: looking.heldAt,
		async earlier() {
			const earlier = await readEarlier(house.stateDir, looking.done().map(({id}) => id));
			return earlier && {...earlier, folder: shorten(earlier.folder)};
		},
		async findKey(questions) {
			found = await chooseKey({...house, questions}, reached, named ?? known?.key?.identity ?? login.identity);
			return found.key.identity;
		},
		async check(answers, wanted) {
			front.sink.live('looking at the server');
			try {
				// A plan looks as a check does, and says besides whether there is something to do.
				const outcome = await conduct(house, reached, looking, {
					...pieceOf(answers),
					steps: wanted,
					doing: 'plan',
					decide: async () => 'skip',
					tell(log) {
						const {hear} = tellInLines(front.sink, front.look, {
							doing: 'check', name, asks: false, log, next: () => [],
						});
						// What was found is shown as a chart; only what goes wrong is told here.
						return async event => event.event === 'trouble' || event.event === 'waiting' ? hear(event) : undefined;
					},
				});
				return {...outcome, progress: asLooked(outcome.progress), code: outcome.code === 0 && outcome.progress.steps.some(({claims}) => stateOf(claims) === 'false') ? 1 : outcome.code};
			} finally {
				front.sink.live(undefined);
			}
		},
		async apply(answers, step, show, telling) {
			keeper ??= await recordForDoing(house, reached);
			let shown: Shown | undefined;
			const outcome = await conduct(house, reached, keeper, {
				...pieceOf(answers),
				steps: [step],
				doing: 'apply',
				decide: async (...asked) => shown!.decide(...asked),
				tell(log) {
					shown = show({
						doing: 'apply', name, asks: true, log, next: () => [], hand: handAt(telling.before), ...telling,
					});
					const {hear} = shown;
					// Where the rescue card lies is said before the first step that could shut anybody out, and not before each.
					return async event => {
						if (event.event !== 'note' || !noted.has(event.says)) {
							await hear(event);
						}

						if (event.event === 'note') {
							noted.add(event.says);
						}
					};
				},
			});
			return {...outcome, wentBack: shown!.wentBack};
		},
		async stand(progress) {
			if (steps.length === all.length) {
				await stand(keeper ?? looking, progress);
			}
		},
		ending({steps: ended}) {
			const key = found?.key;
			const isIn = ended.some(one => one.step === 'admin-user' && (one.ended === 'holds' || one.ended === 'unknown'));
			const folder = (keeper ?? looking).folder;
			return {
				name,
				logIn: isIn && key ? logInCommand(admin, server, key.identity) : undefined,
				card: keeper && folder !== undefined ? shorten(cardOf(house, reached.place, folder)) : undefined,
				identity: key && shorten(key.identity),
			};
		},
	};
};
