import type {Questions} from './questions.js';
import {ago} from './words.js';

/** A server that something was done on. */
export type Recorded = {readonly name: string; readonly place: string; readonly stood: {readonly time: string; readonly steps: number; readonly held: number} | undefined};

export type Course = {readonly go: 'practise'} | {readonly go: 'connect'} | {readonly go: 'on'; readonly place: string};

export const stateOf = ({stood}: Recorded, now: Date): string => stood === undefined
	? 'begun, not finished'
	: `${stood.held} of ${stood.steps} steps hold, looked at ${ago(new Date(stood.time), now)}`;

/** A practice droplet that was used before: the same again, or a new one. */
export const askFresh = async (questions: Questions): Promise<boolean> => questions.choose({
	says: 'You have practised before.',
	choices: [
		{label: 'Go on with that droplet', note: 'as you left it', value: false},
		{label: 'Take a fresh one', note: 'the old one is thrown away', value: true},
	],
	default: 1,
});

/** Where to begin. */
export const askCourse = async (questions: Questions, recorded: readonly Recorded[], now: Date): Promise<Course> => questions.choose<Course>({
	says: 'Where shall we begin?',
	choices: [
		{label: 'Practise on a built-in droplet', note: 'nothing to pay, nothing to break', value: {go: 'practise'}},
		{label: 'Set up my own server', note: 'you need its address and a way to log in', value: {go: 'connect'}},
		...recorded.map(one => ({label: `Go on with ${one.name}`, note: stateOf(one, now), value: {go: 'on', place: one.place} as const})),
	],
	default: 1,
});
