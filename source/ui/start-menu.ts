import type {Questions} from './questions.js';
import {ago} from './words.js';

/** A server that something was done on. */
export type RecordedServer = {readonly name: string; readonly place: string; readonly stood: {readonly time: string; readonly steps: number; readonly held: number} | undefined};

export type StartChoice = {readonly go: 'practise'} | {readonly go: 'connect'} | {readonly go: 'on'; readonly place: string};

export const standOf = ({stood}: RecordedServer, now: Date): string => stood === undefined
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
export const askStart = async (questions: Questions, recorded: readonly RecordedServer[], now: Date): Promise<StartChoice> => questions.choose<StartChoice>({
	says: 'Where shall we begin?',
	choices: [
		{label: 'Practise on a built-in droplet', note: 'nothing to pay, nothing to break', value: {go: 'practise'}},
		{label: 'Set up my own server', note: 'you need its address and a way to log in', value: {go: 'connect'}},
		...recorded.map(one => ({label: `Go on with ${one.name}`, note: standOf(one, now), value: {go: 'on', place: one.place} as const})),
	],
	default: 1,
});
