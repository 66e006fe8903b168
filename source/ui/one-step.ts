/** One step of the wizard: its questions, its work, and what to do where it does not come to hold. */
import {identityIn, makesAdmin, withIdentity} from '../engine/roles.js';
import type {AllAnswers, Step} from '../step.js';
import {askAll} from './ask-all.js';
import type {WizardServer, RunResult} from './wizard-server.js';
import {goingBack} from './going-back.js';
import {
	asDone,
	isOpen,
	merge,
	unseen,
} from './run-results.js';
import type {RunState} from './run-state.js';
import {Back, type Questions} from './questions.js';
import type {Screen} from './screen.js';
import {afterLines, heading} from './step-lines.js';
import {indent} from './words.js';

/** What a walk through the steps has come to. */
export type Walk = {
	answers: AllAnswers;
	state: RunState;
	/** Whether the key pair was found or made. */
	hasKey: boolean;
	acted: boolean;
	readonly skipped: Set<string>;
	/** Steps that the person did, or began, with their own hands. */
	readonly typed: Set<string>;
	/** Steps of which something did not outlast a rehearsal. */
	readonly lost: Set<string>;
};

/** How a step was left: go `on` to the next, `back` to the overview, or leave with an exit code. */
export type Left = 'on' | 'back' | {readonly code: number};

const stands = ({state}: Walk, id: string) => state.steps.find(({step}) => step === id);

/** Whether a step is about who may come in. */
const isAboutComingIn = (step: Step): boolean => makesAdmin(step) || step.guarded;

/** The key pair, where this step is about who may come in. */
const keyFor = async (wizardServer: WizardServer, step: Step, walk: Walk, questions: Questions): Promise<AllAnswers> => walk.hasKey || !isAboutComingIn(step) ? walk.answers : withIdentity(walk.answers, wizardServer.keyQuestion, await wizardServer.findKey(questions));

type Place = {readonly number: number; readonly total: number};

/** Questions that stand under their step's heading: nobody is to wonder what they are about. */
const under = (questions: Questions, step: Step, place: Place, theme: Screen['theme']): Questions => {
	const above = [heading(step, place, theme), '', ...indent(step.why, theme.columns, ' ')];
	return {
		...questions,
		choose: async asked => questions.choose({under: above, ...asked}),
		text: async asked => questions.text({...asked, under: above}),
	};
};

const placeOf = ({state}: Walk, {id}: Step): Place => {
	const there = state.steps.filter(({ended}) => ended !== 'unavailable').map(one => one.step);
	return {number: there.indexOf(id) + 1, total: there.length};
};

const questionsOf = async (wizardServer: WizardServer, step: Step, walk: Walk, screen: Screen): Promise<void> => {
	const admin = wizardServer.adminIn(walk.answers);
	walk.answers = await goingBack(under(screen.questions, step, placeOf(walk, step), screen.theme), async questions => {
		const answers = await keyFor(wizardServer, step, walk, questions);
		// What was answered before is not asked again where something only broke.
		const mends = walk.lost.has(step.id) || (wizardServer.before.has(step.id) && wizardServer.known[step.id] !== undefined && !walk.acted);
		return mends ? answers : {...answers, ...await askAll(questions, [step], {...wizardServer.known, ...answers}, wizardServer.me)};
	});
	if (wizardServer.adminIn(walk.answers) !== admin) {
		walk.state = unseen(walk.state, wizardServer.steps.filter(one => isAboutComingIn(one)));
	}

	walk.hasKey ||= identityIn(walk.answers, wizardServer.keyQuestion) !== undefined;
};

type Next = 'again' | 'look' | 'log' | 'on' | 'stop';

const askWhatNext = async (screen: Screen, tries: number, failed: boolean): Promise<Next> => screen.questions.choose<Next>({
	says: 'What now?',
	choices: [
		{label: failed ? 'Try again' : 'Try to mend it', note: 'looks anew, and shows what is left to do', value: 'again'},
		{label: 'Look again', note: 'changes nothing', value: 'look'},
		{label: 'Show the full log', value: 'log'},
		{label: 'Leave it for now', note: 'goes on with the next step', value: 'on'},
		{label: 'Stop', note: 'nothing more is done', value: 'stop'},
	],
	// Whoever presses Enter only does not go in circles.
	default: tries === 0 ? 1 : 4,
});

/** Until the person leaves it, or it holds. */
const afterFailure = async (wizardServer: WizardServer, step: Step, walk: Walk, screen: Screen, last: RunResult, tries: number): Promise<Left | 'again'> => {
	for (;;) {
		const ended = stands(walk, step.id)?.ended;
		const next = await askWhatNext(screen, tries, ended === 'failed' || ended === 'reverted');
		switch (next) {
			case 'look': {
				const looked = await wizardServer.check(walk.answers, [step]);
				if (looked.state.steps.length === 0) {
					return {code: looked.code};
				}

				walk.state = merge(walk.state, looked.state);
				for (const line of afterLines(looked.state.steps[0]!, 0, 0, screen.theme, true)) {
					screen.say(line);
				}

				if (!isOpen(looked.state.steps[0]!)) {
					return 'on';
				}

				break;
			}

			case 'log': {
				await screen.showLog(last.log);
				break;
			}

			case 'on': {
				walk.skipped.add(step.id);
				return 'on';
			}

			case 'stop': {
				screen.say(' Stopped. Nothing more was done.');
				return {code: 1};
			}

			case 'again': {
				return next;
			}
		}
	}
};

/** The steps that do not hold. */
const openIn = ({state}: Walk): readonly string[] => state.steps.filter(one => isOpen(one)).map(({step}) => step);

const titleOf = ({steps}: WizardServer, id: string): string => steps.find(one => one.id === id)!.title;

const aside = (screen: Screen, text: string): void => {
	for (const line of indent(text, screen.theme.columns, ' '.repeat(3), ' – ')) {
		screen.say(line);
	}
};

/** The step that must hold before this one can, and does not. */
export const whatIsMissing = (wizardServer: WizardServer, step: Step, walk: Walk): string | undefined =>
	step.needs?.find(id => stands(walk, id)?.ended !== 'holds' && stands(walk, id)?.ended !== 'unknown' && wizardServer.steps.some(one => one.id === id));

/** What somebody typed may have turned anything, and so may what went wrong: what was known of the other steps is looked at anew, and of this one what it claims. */
const seeAnew = async (wizardServer: WizardServer, {id}: Step, walk: Walk): Promise<void> => {
	const {state} = await wizardServer.check(walk.answers, wizardServer.steps);
	walk.state = merge(walk.state, {...state, steps: state.steps.map(one => one.step === id ? {...stands(walk, id)!, claims: one.claims} : one)});
};

/** Takes one step as far as the person wants it. */
export const takeStep = async (wizardServer: WizardServer, step: Step, walk: Walk, screen: Screen): Promise<Left> => {
	const missing = whatIsMissing(wizardServer, step, walk);
	if (missing !== undefined) {
		aside(screen, `${step.title}: this needs "${titleOf(wizardServer, missing)}", which does not hold yet; left for later.`);
		walk.skipped.add(step.id);
		return 'on';
	}

	try {
		await questionsOf(wizardServer, step, walk, screen);
		for (let tries = 0; ; tries++) {
			const open = openIn(walk);
			const last = await wizardServer.apply(walk.answers, step, screen.show, {before: walk.state, place: placeOf(walk, step)});
			const [result] = last.state.steps;
			walk.acted ||= last.state.actions > 0 || result?.typed === true;
			if (result?.decision === 'back') {
				return 'back';
			}

			if (result?.ended === undefined) {
				return {code: last.code};
			}

			walk.state = merge(walk.state, asDone(last.state));
			if (result.typed) {
				walk.typed.add(step.id);
			}

			if (result.typed || result.ended === 'failed' || result.ended === 'reverted' || step.rehearses) {
				await seeAnew(wizardServer, step, walk);
			}

			await wizardServer.keepState(walk.state);

			if (!isOpen({...result, planned: 0})) {
				walk.skipped.delete(step.id);
				await screen.linger(result.typed);
				return 'on';
			}

			if (result.decision === 'skip') {
				walk.skipped.add(step.id);
				if (result.ended !== 'skipped') {
					await screen.linger();
				}

				return 'on';
			}

			// What a rehearsal lost is mended where it belongs.
			const [lost, ...more] = step.rehearses ? openIn(walk).filter(id => id !== step.id && !open.includes(id)) : [];
			if (lost !== undefined) {
				for (const id of [lost, ...more]) {
					walk.lost.add(id);
				}

				aside(screen, `"${titleOf(wizardServer, lost)}" did not outlast it, and comes next. After that this can be tried again.`);
				return 'on';
			}

			// Nothing that could be done here would help.
			const before = result.planned === 0 ? step.after?.find(id => walk.skipped.has(id)) : undefined;
			if (before !== undefined) {
				aside(screen, `"${step.title}" cannot hold before "${titleOf(wizardServer, before)}" does, which was left for later.`);
				walk.skipped.add(step.id);
				await screen.linger();
				return 'on';
			}

			const left = await afterFailure(wizardServer, step, walk, screen, last, tries);
			if (left !== 'again') {
				return left;
			}
		}
	} catch (error) {
		if (error instanceof Back) {
			return 'back';
		}

		throw error;
	}
};
