import {listRecords} from '../record/servers.js';
import {askAddress} from '../ui/connect.js';
import {nothingAnswered, trailOf, type Answered} from '../ui/going-back.js';
import {askCourse, askFresh, type Recorded} from '../ui/harbour.js';
import {Back, type Questions} from '../ui/questions.js';
import type {Table} from '../ui/table.js';
import type {AllAnswers} from './answers.js';
import {enter, type House, type Lobby} from './house.js';
import {parseTarget, type Target} from './target.js';
import {type UsageError} from './usage-error.js';

/** The servers to go on with: the latest place of each record. */
const recorded = async ({stateDir, sightings}: Lobby): Promise<readonly Recorded[]> => {
	const places = new Map(sightings.all().filter(({record}) => record !== undefined).map(({record, place}) => [record!, place]));
	return (await listRecords(stateDir)).flatMap(({record, stood}) => {
		const place = places.get(record);
		// Practice has a line of its own.
		return place === undefined || place.startsWith('practice:') || sightings.at(place)?.record !== record ? [] : [{name: place.replace(/:22$/, ''), place, stood}];
	});
};

const chooseTarget = async (lobby: Lobby, questions: Questions): Promise<Target> => {
	const course = await askCourse(questions, await recorded(lobby), new Date());
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

/** How the person came to a server: `mayGoBack` where they chose it here; `answered` is what they said on the way. */
type Way = {readonly mayGoBack: boolean; readonly answered: Answered};

/** The wizard at one server. Returns the exit code; throws `Back` where the person wants to choose again. */
const visit = async (house: House, table: Table, chosen: Target, given: AllAnswers, {mayGoBack, answered}: Way): Promise<number> => {
	const [{practisedBefore, throwAway}, {reach, reachChosen}, {berthAt}, {goThrough}] = await Promise.all([import('./reach-practice.js'), import('./reach.js'), import('./berth-at.js'), import('../ui/wizard.js')]);
	if (chosen.kind === 'practice' && practisedBefore(house, chosen) && await askFresh(table.questions)) {
		await throwAway(house, chosen);
	}

	// What answers from a pipe has only one answer.
	const reached = await (mayGoBack && house.front.attended ? reachChosen : reach)(house, chosen, {answered});
	try {
		return await goThrough(await berthAt(house, reached, given), table, mayGoBack);
	} finally {
		await reached.server.close();
	}
};

/** The wizard: where to, and then one step after another. What the first question needs not is loaded after it. */
export const voyage = async (lobby: Lobby, table: Table, target: Target | undefined): Promise<number> => {
	let inside: Promise<{house: House; given: AllAnswers}> | undefined;
	const open = async () => inside ??= (async () => {
		const [house, {chooseSteps, readAnswers}] = await Promise.all([enter(lobby), import('./answers.js')]);
		const given = await readAnswers(lobby.options.answers, house.steps);
		chooseSteps(house.steps, lobby.options.steps);
		return {house, given};
	})();
	if (target !== undefined || lobby.options.answers !== undefined || lobby.options.steps !== undefined) {
		await open();
	}

	const answered = nothingAnswered();
	const trail = trailOf(table.questions, answered);
	for (;;) {
		try {
			const chosen = target ?? await trail.ask(async questions => chooseTarget(lobby, questions));
			const {house, given} = await open();
			return await visit(house, table, chosen, given, {mayGoBack: target === undefined, answered});
		} catch (error) {
			if (!(error instanceof Back)) {
				throw error;
			}

			trail.back();
		}
	}
};
