/** From a server we are logged in to, to a server that is set up: survey, overview, step by step, finish. */
import type {Step} from '../step.js';
import type {WizardServer} from './wizard-server.js';
import {finishLines} from './finish.js';
import {
	allClaims,
	brokenLines,
	brokenSteps,
	overviewOf,
	surveyed,
} from './survey-lines.js';
import {
	takeStep,
	whatIsMissing,
	type Left,
	type Walk,
} from './one-step.js';
import {isOpen} from './run-results.js';
import {Back, type Choice} from './questions.js';
import {summary} from './summary.js';
import type {Screen} from './screen.js';
import {count, indent} from './words.js';

type OverviewChoice = 'another' | 'claims' | 'finish' | 'stop' | {readonly take: Step};

const openSteps = ({steps}: WizardServer, {state, skipped}: Walk): readonly Step[] =>
	steps.filter(({id}) => !skipped.has(id) && state.steps.some(one => one.step === id && isOpen(one)));

const about = (minutes: number): string => `about ${count(minutes, 'minute')}`;
const explained = ({why, lesson}: Step): string => `${why}\n\n${lesson}`;

const overviewChoices = (wizardServer: WizardServer, walk: Walk): ReadonlyArray<Choice<OverviewChoice>> => {
	const broken = brokenSteps(wizardServer.steps, walk.state, wizardServer.before).filter(({id}) => !walk.skipped.has(id));
	const open = openSteps(wizardServer, walk);
	const fresh = open.filter(step => !broken.includes(step));
	const [first] = fresh;
	return [
		...broken.map(step => ({label: `Mend "${step.title}"`, note: about(step.minutes), explains: explained(step), value: {take: step}})),
		...(first ? [{label: `Go on with "${first.title}"`, note: `${count(fresh.length, 'step')} to do, ${about(fresh.reduce((sum, {minutes}) => sum + minutes, 0))}`, explains: explained(first), value: {take: first}}] : []),
		...(open.length === 0 ? [{label: 'Finish', note: 'looks at everything once more', value: 'finish'} as const] : []),
		{label: 'Take another step', note: 'you choose which', value: 'another'},
		{label: 'Show what was found, claim by claim', value: 'claims'},
		...(open.length === 0 ? [] : [{label: 'Stop', note: walk.acted || wizardServer.before.size > 0 ? 'nothing more is done' : 'nothing was changed', value: 'stop'} as const]),
	];
};

const askOverview = async (wizardServer: WizardServer, walk: Walk, screen: Screen): Promise<OverviewChoice> => screen.questions.choose({
	...(openSteps(wizardServer, walk).length === 0 && walk.skipped.size === 0 && {says: 'All of it holds.'}),
	shows: () => overviewOf(wizardServer.steps, walk.state, wizardServer.before, walk.skipped, screen.theme),
	choices: overviewChoices(wizardServer, walk),
	default: 1,
});

/** The overview, and the steps behind it. Throws `Back` where the person leaves the overview that way. */
const chooseFrom = async (wizardServer: WizardServer, walk: Walk, screen: Screen): Promise<Exclude<OverviewChoice, 'another'>> => {
	for (;;) {
		const choice = await askOverview(wizardServer, walk, screen);
		if (choice !== 'another') {
			return choice;
		}

		try {
			return {take: await chooseStep(wizardServer, walk, screen)};
		} catch (error) {
			if (!(error instanceof Back)) {
				throw error;
			}
		}
	}
};

const chooseStep = async (wizardServer: WizardServer, walk: Walk, {questions}: Screen): Promise<Step> => questions.choose({
	says: 'Which one?',
	choices: wizardServer.steps.filter(({id}) => walk.state.steps.some(one => one.step === id && one.ended !== 'unavailable')).map(step => ({
		label: step.title, note: about(step.minutes), explains: explained(step), value: step,
	})),
	default: 1,
});

/** Takes one step after another, in their order, until the person wants the overview or none is left. */
const walkFrom = async (wizardServer: WizardServer, first: Step, walk: Walk, screen: Screen): Promise<Left> => {
	walk.skipped.delete(first.id);
	const brokenNow = (): Step | undefined => {
		const open = openSteps(wizardServer, walk);
		return brokenSteps(wizardServer.steps, walk.state, wizardServer.before).find(one => open.includes(one));
	};

	// Who mends goes on with whatever comes first then.
	let mends = brokenNow() === first;
	let step: Step | undefined = first;
	while (step) {
		const left = await takeStep(wizardServer, step, walk, screen);
		if (left !== 'on') {
			return left;
		}

		// One that was chosen and cannot be taken yet leads to no other.
		if (step === first && walk.skipped.has(first.id) && whatIsMissing(wizardServer, first, walk) !== undefined) {
			walk.skipped.delete(first.id);
			return 'back';
		}

		const broken = brokenNow();
		const at: number = mends ? -1 : wizardServer.steps.indexOf(step);
		mends &&= broken !== undefined;
		step = broken ?? openSteps(wizardServer, walk).find(one => wizardServer.steps.indexOf(one) > at);
	}

	return 'on';
};

const finish = async (wizardServer: WizardServer, walk: Walk, screen: Screen): Promise<number | undefined> => {
	const {code, state} = await wizardServer.check(walk.answers, wizardServer.steps);
	if (state.steps.length === 0 || code > 1) {
		return code;
	}

	walk.state = {...state, actions: walk.state.actions};
	await wizardServer.keepState(state);
	if (openSteps(wizardServer, walk).length > 0) {
		return undefined;
	}

	const lines = [
		'',
		...indent(summary({...walk.state, steps: state.steps.map(step => walk.skipped.has(step.step) && step.planned > 0 ? {...step, ended: 'skipped' as const} : walk.typed.has(step.step) ? {...step, decision: 'typed' as const} : step)}, 'apply'), screen.theme.columns, ' '),
		...finishLines(state, wizardServer.ending(state), screen.theme),
	];
	for (const line of lines) {
		screen.say(line);
	}

	return code;
};

/** Returns the exit code. Throws `Back` where the person leaves the overview that way, which `mayGoBack` allows and nothing was done. */
export const goThrough = async (wizardServer: WizardServer, screen: Screen, mayGoBack: boolean): Promise<number> => {
	const {say, theme} = screen;
	const print = (lines: readonly string[]): void => {
		for (const line of lines) {
			say(line);
		}
	};

	print(['', ...indent(wizardServer.practice ? `This is the practice droplet: a model of a server, where all may be tried. You can type on it in another window, too: ${theme.program} prompt ${wizardServer.name}` : `Logged in to ${wizardServer.name} as ${wizardServer.me.user}.`, theme.columns, ' ')]);
	const earlier = await wizardServer.earlier();
	if (earlier) {
		screen.recall(earlier);
	}

	const first = await wizardServer.check(wizardServer.known, wizardServer.steps);
	// Nothing was looked at: the reason was told.
	if (first.state.steps.length === 0 || first.code > 1) {
		return first.code;
	}

	await wizardServer.keepState(first.state);
	const walk: Walk = {
		answers: wizardServer.known, state: first.state, hasKey: false, acted: false, skipped: new Set(), typed: new Set(), lost: new Set(),
	};
	print(surveyed(wizardServer.name, first.state, new Date(), theme));
	print(brokenLines(brokenSteps(wizardServer.steps, first.state, wizardServer.before), first.state, wizardServer.heldAt, new Date(), theme));
	for (;;) {
		let choice: Exclude<OverviewChoice, 'another'>;
		try {
			choice = await chooseFrom(wizardServer, walk, screen);
		} catch (error) {
			// What was done is never left behind without a word.
			if (error instanceof Back && (walk.acted || !mayGoBack)) {
				continue;
			}

			throw error;
		}

		if (choice === 'claims') {
			await screen.read(allClaims(walk.state, theme));
		} else if (choice === 'stop') {
			say(walk.acted ? ' Stopped. Nothing more was done.' : ' Stopped. Nothing was changed.');
			return 0;
		} else {
			const left = typeof choice === 'object' ? await walkFrom(wizardServer, choice.take, walk, screen) : 'on';
			if (typeof left === 'object') {
				return left.code;
			}

			const code = left === 'on' && openSteps(wizardServer, walk).length === 0 ? await finish(wizardServer, walk, screen) : undefined;
			if (code !== undefined) {
				return code;
			}
		}
	}
};
