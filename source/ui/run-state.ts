/** All that a run has told so far: one pure reducer over the stream of events, and what lines, screens, the summary and Ctrl-C read. */
import type {
	Decision,
	Doing,
	Ended,
	Event,
	Planned,
	StepLine,
	Trouble,
	Verdict,
} from '../engine/events.js';
import type {ServerInfo} from '../step.js';

/** An action that was begun. `code` and `seconds` once it has ended. */
export type ActionState = {readonly action: Planned; readonly code: number | undefined; readonly seconds: number | undefined};

/** One step, as far as the events have told. */
export type StepState = {
	readonly step: string;
	readonly title: string;
	readonly phase: string;
	readonly why: string;
	readonly lesson: string;
	readonly minutes: number;
	readonly guarded: boolean;
	readonly claims: readonly Verdict[];
	/** The plan that was shown last, and the how manieth it is, from 1. */
	readonly plan: readonly Planned[];
	/** The plan is what was left of it when it was last looked at what the person typed. */
	readonly isRest: boolean;
	readonly round: number;
	/** What was said to a plan, last. */
	readonly decision: Decision | undefined;
	/** Whether somebody went at it with their own hands at any time, with or without success. */
	readonly typed: boolean;
	/** Actions shown so far, of all rounds. */
	readonly planned: number;
	/** Whether one of them can be taken back. */
	readonly undoable: boolean;
	/** Whether the guard was told that one gets in. */
	readonly confirmed: boolean;
	readonly reverted: {readonly why: string; readonly amiss: readonly string[]} | undefined;
	readonly troubles: readonly Trouble[];
	readonly ended: Ended | undefined;
};

/** What the server says to an action. */
export type Saying = {
	/** The last of it, untrusted. */
	readonly text: string;
	/** Which of the action's orders was heard last. */
	readonly part: string;
};

/** How far what runs is, where that is known: `share` from 0 to 1. */
export type Progress = Omit<Extract<Event, {event: 'progress'}>, 'event' | 'id'>;

export type RunState = {
	readonly doing: Doing | undefined;
	readonly practice: boolean;
	readonly info: ServerInfo | undefined;
	readonly hostKeys: readonly string[];
	/** The steps of this run in order: one that is taken up again keeps its place. */
	readonly order: readonly StepLine[];
	/** The steps that were begun, the one begun last at the end. */
	readonly steps: readonly StepState[];
	/** The step that is being taken. */
	readonly current: string | undefined;
	/** Its actions so far. */
	readonly work: readonly ActionState[];
	/** What is waited for, where that is said. */
	readonly waiting: string;
	readonly saying: Saying;
	readonly progress: Progress | undefined;
	/** When the server puts everything back, in milliseconds since the epoch by this computer's clock. Undefined where no guard is armed. */
	readonly deadline: number | undefined;
	/** How long the current step takes, in milliseconds: up to when its clock was last stopped, and since when it goes (since the epoch). It stands still while a person reads and decides. */
	readonly clock: {readonly before: number; readonly since: number | undefined};
	/** Whether anything went wrong. */
	readonly failed: boolean;
	/** How often something went wrong, and how many actions ended. */
	readonly troubles: number;
	readonly actions: number;
};

const silence: Saying = {text: '', part: ''};

export const noRun: RunState = {
	doing: undefined, practice: false, info: undefined, hostKeys: [], order: [], steps: [], current: undefined, work: [], waiting: '', saying: silence, progress: undefined, deadline: undefined, clock: {before: 0, since: undefined}, failed: false, troubles: 0, actions: 0,
};

/** So much of what the server says is kept, in characters. */
const mostSaid = 20_000;

/** The step of an id. */
export const stepIn = ({steps}: Pick<RunState, 'steps'>, id: string | undefined): StepState | undefined => steps.find(({step}) => step === id);

/** What runs on the server. */
export const runningIn = ({work}: Pick<RunState, 'work'>): Planned | undefined => work.find(({code}) => code === undefined)?.action;

const change = (state: RunState, id: string, with_: Partial<StepState> | ((step: StepState) => Partial<StepState>)): RunState => ({
	...state,
	steps: state.steps.map(one => one.step === id ? {...one, ...(typeof with_ === 'function' ? with_(one) : with_)} : one),
});

/** The server's claims and the outside's may come apart: the later of each kind counts. */
const withClaims = (before: readonly Verdict[], claims: readonly Verdict[]): readonly Verdict[] => {
	const told = new Set(claims.map(({by, id}) => `${by} ${id}`));
	const kinds = new Set(claims.map(({by}) => by));
	return [...before.filter(({by, id}) => !kinds.has(by) && !told.has(`${by} ${id}`)), ...claims];
};

/** As whom one comes is said beside it. */
const withoutUser = (server: string): string => server.replace(/^.*@/, '');

/** The clock goes again with whatever comes after a plan was shown: until then a person may have read it. It stands while they type. */
const going = (state: RunState, now: number): RunState => state.current === undefined || state.clock.since !== undefined || stepIn(state, state.current)?.decision === 'typed' ? state : {...state, clock: {...state.clock, since: now}};

const follow = (state: RunState, event: Event, now: number): RunState => {
	switch (event.event) {
		case 'connecting': {
			return {...state, waiting: `connecting to ${withoutUser(event.server)} as ${event.user}`};
		}

		case 'logging-in': {
			return {...state, waiting: `logging in to ${withoutUser(event.server)} as ${event.user}`};
		}

		case 'host-key':
		case 'needed':
		case 'refused':
		case 'logged-in': {
			return {...state, waiting: ''};
		}

		case 'run-started': {
			return {...state, doing: event.doing, order: event.steps};
		}

		case 'connected': {
			const {practice, info, hostKeys} = event;
			return {
				...state, practice, info, hostKeys, waiting: 'looking at the server',
			};
		}

		case 'waiting': {
			return {...state, waiting: event.for};
		}

		case 'step-started': {
			const {event: _, ...told} = event;
			return {
				...state, current: event.step, work: [], waiting: 'looking at the server', saying: silence, deadline: undefined, clock: {before: 0, since: now}, steps: [...state.steps.filter(one => one.step !== event.step), {
					...told, claims: [], plan: [], isRest: false, round: 0, decision: undefined, typed: false, planned: 0, undoable: false, confirmed: false, reverted: undefined, troubles: [], ended: undefined,
				}],
			};
		}

		case 'planned': {
			const {clock: {before, since}} = state;
			return {
				...change(state, event.step, ({planned, undoable}) => ({
					plan: event.actions, isRest: false, round: event.round, planned: planned + event.actions.length, undoable: undoable || event.actions.some(({cannotUndo}) => cannotUndo === undefined),
				})), clock: {before: before + (since === undefined ? 0 : now - since), since: undefined},
			};
		}

		case 'left': {
			return change(state, event.step, {plan: event.actions, isRest: true});
		}

		case 'decided': {
			const {clock: {before, since}} = state;
			return {...change(state, event.step, ({typed}) => ({decision: event.decision, typed: typed || event.decision === 'typed'})), ...(event.decision === 'typed' && since !== undefined && {clock: {before: before + now - since, since: undefined}})};
		}

		case 'armed': {
			return {...state, deadline: now + (event.seconds * 1000)};
		}

		case 'deadline': {
			return {...state, deadline: now + (event.secondsLeft * 1000)};
		}

		case 'action-started': {
			return {...state, work: [...state.work, {action: event.action, code: undefined, seconds: undefined}], waiting: '', saying: silence, progress: undefined};
		}

		case 'output': {
			const {saying: {text, part}, waiting} = state;
			// An action may come to several orders: what the one before waited for is over.
			return {...state, saying: {text: `${text}${event.text}`.slice(-mostSaid), part: event.part}, waiting: event.part === part ? waiting : ''};
		}

		case 'progress': {
			const {event: _, id: _id, ...progress} = event;
			return {...state, progress};
		}

		case 'action-finished': {
			const {id, code, seconds} = event;
			// What was said to an action that failed is still to be read.
			return {
				...state, work: state.work.map(one => one.action.id === id ? {...one, code, seconds} : one), waiting: 'looking again', saying: code === 0 ? silence : state.saying, progress: undefined, actions: state.actions + 1,
			};
		}

		case 'claims': {
			return {...change(state, event.step, ({claims}) => ({claims: withClaims(claims, event.claims)})), waiting: ''};
		}

		case 'confirmed': {
			return {...change(state, event.step, {confirmed: true}), deadline: undefined};
		}

		case 'reverted': {
			return {...change(state, event.step, {reverted: {why: event.why, amiss: event.amiss}}), deadline: undefined, failed: true};
		}

		case 'trouble': {
			const {step, trouble} = event;
			return {...(step === undefined ? state : change(state, step, ({troubles}) => ({troubles: [...troubles, trouble]}))), troubles: state.troubles + 1, failed: true};
		}

		case 'step-finished': {
			const {step, ended} = event;
			return {
				...change(state, step, {ended}), current: undefined, work: [], waiting: '', progress: undefined, deadline: undefined, failed: state.failed || ended === 'failed' || ended === 'reverted',
			};
		}

		default: {
			return state;
		}
	}
};

/** What one more event makes of it. `now` in milliseconds since the epoch. */
export const reduce = (state: RunState, event: Event, now: number): RunState => follow(going(state, now), event, now);

/** A consumer of the stream that is also told what it has come to, this event included. */
export type StateListener = (event: Event, state: RunState) => Promise<void> | void;

/** Hands what the stream has come to to a consumer. `state` is it, at any time. */
export const reduced = (listener: StateListener, now: () => number = Date.now): {readonly listener: (event: Event) => Promise<void>; readonly state: () => RunState} => {
	let state = noRun;
	return {
		async listener(event) {
			state = reduce(state, event, now());
			await listener(event, state);
		},
		state: () => state,
	};
};
