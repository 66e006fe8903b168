import type {AllAnswers} from '../step.js';
import {listRecords} from '../record/servers.js';
import {askAddress} from '../ui/connect-questions.js';
import {nothingAnswered, trailOf, type Answered} from '../ui/going-back.js';
import {askStart, askFresh, type RecordedServer} from '../ui/start-menu.js';
import {Back, type Questions} from '../ui/questions.js';
import type {Screen} from '../ui/screen.js';
import {parseTarget, type Target} from '../connect/target.js';
import {type UsageError} from '../usage-error.js';
import {withSteps, type LoadedApp, type App} from './app.js';

/** The servers to go on with: the latest place of each record. */
const recorded = async ({stateDir, knownHosts}: App): Promise<readonly RecordedServer[]> => {
	const places = new Map(knownHosts.all().filter(({record}) => record !== undefined).map(({record, place}) => [record!, place]));
	return (await listRecords(stateDir)).flatMap(({record, stood}) => {
		const place = places.get(record);
		// Practice has a line of its own.
		return place === undefined || place.startsWith('practice:') || knownHosts.at(place)?.record !== record ? [] : [{name: place.replace(/:22$/, ''), place, stood}];
	});
};

const chooseTarget = async (app: App, questions: Questions): Promise<Target> => {
	const choice = await askStart(questions, await recorded(app), new Date());
	switch (choice.go) {
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

			return parseTarget(await askAddress(questions, valid, async text => {
				const {leadsNowhere} = await import('../connect/look-up.js');
				return leadsNowhere(parseTarget(text));
			}));
		}

		case 'on': {
			return parseTarget(choice.place);
		}
	}
};

/** How the person came to a server: `mayGoBack` where they chose it here; `answered` is what they said on the way. */
type Way = {readonly mayGoBack: boolean; readonly answered: Answered};

/** The wizard at one server. Returns the exit code; throws `Back` where the person wants to choose again. */
const setUp = async (app: LoadedApp, screen: Screen, chosen: Target, given: AllAnswers, {mayGoBack, answered}: Way): Promise<number> => {
	const [{practisedBefore, throwAway}, {connectTo, connectToChosen}, {makeWizardServer}, {goThrough}] = await Promise.all([import('../connect/connect-practice.js'), import('../connect/connect.js'), import('./make-wizard-server.js'), import('../ui/wizard-steps.js')]);
	if (chosen.kind === 'practice' && practisedBefore(app, chosen) && await askFresh(screen.questions)) {
		await throwAway(app, chosen);
	}

	// What answers from a pipe has only one answer.
	const connection = await (mayGoBack && app.terminal.attended ? connectToChosen : connectTo)(app, chosen, {answered});
	try {
		return await goThrough(await makeWizardServer(app, connection, given), screen, mayGoBack);
	} finally {
		await connection.server.close();
	}
};

/** The wizard: where to, and then one step after another. What the first question needs not is loaded after it. */
export const runWizard = async (app: App, screen: Screen, target: Target | undefined): Promise<number> => {
	let loading: Promise<{loaded: LoadedApp; given: AllAnswers}> | undefined;
	const load = async () => loading ??= (async () => {
		const [loaded, {chooseSteps, readAnswers}] = await Promise.all([withSteps(app), import('./answers.js')]);
		const given = await readAnswers(app.options.answers, loaded.steps);
		chooseSteps(loaded.steps, app.options.steps);
		return {loaded, given};
	})();
	if (target !== undefined || app.options.answers !== undefined || app.options.steps !== undefined) {
		await load();
	}

	const answered = nothingAnswered();
	const trail = trailOf(screen.questions, answered);
	for (;;) {
		try {
			const chosen = target ?? await trail.ask(async questions => chooseTarget(app, questions));
			const {loaded, given} = await load();
			return await setUp(loaded, screen, chosen, given, {mayGoBack: target === undefined, answered});
		} catch (error) {
			if (!(error instanceof Back)) {
				throw error;
			}

			trail.back();
		}
	}
};
