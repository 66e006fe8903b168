import {sshCommand} from '../record/rescue-card.js';
import {listRecords} from '../record/servers.js';
import {askAddress} from '../ui/connect.js';
import {askCourse, askFresh, type Recorded} from '../ui/harbour.js';
import {tellInLines} from '../ui/lines.js';
import type {Progress} from '../ui/progress.js';
import {goThrough, type Berth} from '../ui/wizard.js';
import {
	fillIn,
	readAnswers,
	chooseSteps,
	type AllAnswers,
} from './answers.js';
import {conduct, type Piece} from './conduct.js';
import type {House} from './house.js';
import {chooseKey, type FoundKey} from './keys.js';
import {practisedBefore, throwAway} from './reach-practice.js';
import {reach} from './reach.js';
import {recordForDoing, recordForLooking, type Reached} from './reached.js';
import {parseTarget, type Target} from './target.js';
import {type UsageError} from './usage-error.js';

/** The servers to go on with: the latest place of each record. */
const recorded = async ({stateDir, sightings}: House): Promise<readonly Recorded[]> => {
	const places = new Map(sightings.all().filter(({record}) => record !== undefined).map(({record, place}) => [record!, place]));
	return (await listRecords(stateDir)).flatMap(({record, stood}) => {
		const place = places.get(record);
		// Practice has a line of its own.
		return place === undefined || place.startsWith('practice:') || sightings.at(place)?.record !== record ? [] : [{name: place.replace(/:22$/, ''), place, stood}];
	});
};

const chooseTarget = async (house: House): Promise<Target> => {
	const questions = house.questions!;
	const course = await askCourse(questions, await recorded(house), new Date());
	switch (course.go) {
		case 'practise': {
			return parseTarget('practice');
		}

		case 'connect': {
			const valid = (text: string): string | undefined => {
				try {
					parseTarget(text);
					return undefined;
				} catch (error) {
					return (error as UsageError).message;
				}
			};

			return parseTarget(await askAddress(questions, valid));
		}

		case 'on': {
			return parseTarget(course.place);
		}
	}
};

const berthAt = async (house: House, reached: Reached, given: AllAnswers): Promise<Berth> => {
	const {front, options, steps: all} = house;
	const {server, name} = reached;
	const looking = await recordForLooking(house, reached);
	const known = looking.known();
	const steps = chooseSteps(all, options.steps);
	let found: FoundKey | undefined;
	let card: string | undefined;
	let before: Progress | undefined;
	let admin = known?.user ?? reached.login.user;
	const pieceOf = (typed: AllAnswers): Omit<Piece, 'doing' | 'decide' | 'tell'> => {
		const {answers} = fillIn(typed, known?.answers ?? {}, all, server.me);
		admin = answers['admin-user']?.name as string | undefined ?? admin;
		return {
			steps, answers, admin, key: found?.key, passphrase: found?.passphrase,
		};
	};

	return {
		name,
		practice: server.practice,
		me: server.me,
		steps,
		known: {...known?.answers, ...given},
		before: new Set(looking.done().map(({step}) => step)),
		async findKey() {
			found = await chooseKey(house, reached, options.identity ?? given['admin-user']?.identity as string | undefined ?? known?.key?.identity ?? reached.login.identity);
			return found.key.identity;
		},
		async check(answers) {
			front.sink.live('looking at the server');
			const result = await conduct(house, reached, looking, {
				...pieceOf(answers),
				doing: 'check',
				decide: async () => 'skip',
				tell(log) {
					const {hear} = tellInLines(front.sink, front.look, {
						doing: 'check', name, asks: false, log, next: () => [],
					});
					// What was found is shown as a chart; only what goes wrong is told here.
					return async event => event.event === 'trouble' || event.event === 'waiting' ? hear(event) : undefined;
				},
			});
			front.sink.live(undefined);
			before = result.progress;
			return result;
		},
		async apply(answers, decide) {
			const keeper = await recordForDoing(house, reached);
			card = keeper.folder === undefined ? undefined : `${keeper.folder}/rescue-card.txt`;
			return conduct(house, reached, keeper, {
				...pieceOf(answers),
				doing: 'apply',
				decide,
				tell: log => tellInLines(front.sink, front.look, {
					doing: 'apply', name, asks: true, log, before, next: () => [],
				}).hear,
			});
		},
		ending({steps: ended}) {
			const key = found?.key;
			const isIn = ended.some(one => one.step === 'admin-user' && (one.ended === 'holds' || one.ended === 'unknown'));
			return {
				name,
				logIn: isIn && key ? sshCommand(admin, server.me.address, server.me.sshPort, key.identity) : undefined,
				card,
				identity: key?.identity,
			};
		},
	};
};

/** The wizard: where to, who may come in, and then one step after another. */
export const voyage = async (house: House, target: Target | undefined): Promise<number> => {
	const {front, options} = house;
	const given = await readAnswers(options.answers, house.steps);
	chooseSteps(house.steps, options.steps);
	const chosen = target ?? await chooseTarget(house);
	if (chosen.kind === 'practice' && practisedBefore(house, chosen) && await askFresh(house.questions!)) {
		await throwAway(house, chosen);
	}

	const reached = await reach(house, chosen);
	try {
		return await goThrough(await berthAt(house, reached, given), {questions: house.questions!, say: front.say, look: front.look});
	} finally {
		await reached.server.close();
	}
};
