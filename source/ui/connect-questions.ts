import {cleanLine} from './clean.js';
import type {Theme} from './theme.js';
import type {Choice, Questions} from './questions.js';
import {indent} from './words.js';

/** A private key that could open the door. */
export type KeyOffer = {readonly identity: string; readonly label: string; readonly note?: string};

/** The ways of logging in to choose from. */
export type LoginChoice = {readonly way: 'password'} | {readonly way: 'key'; readonly identity: string} | {readonly way: 'as-another'};

/** `valid` and `leadsNowhere` say what is wrong with it, where something is. */
export const askAddress = async (questions: Questions, valid: (text: string) => string | undefined, leadsNowhere: (text: string) => Promise<string | undefined>): Promise<string> => questions.text<string>({
	says: 'What is your server\'s address?',
	explain: 'Your provider shows it beside the droplet, four numbers such as 203.0.113.7. With another user or port: root@203.0.113.7:2222.',
	read(text) {
		const wrong = valid(text);
		return wrong === undefined ? {value: text} : {wrong};
	},
	check: leadsNowhere,
});

export const askUser = async (questions: Questions, byDefault: string): Promise<string> => questions.text<string>({
	says: 'As which user can you log in today?',
	explain: 'On a fresh droplet it is root; some providers make another, such as ubuntu or debian.',
	default: byDefault,
	read: text => /^[a-z_][\w.-]*\$?$/i.test(text) ? {value: text} : {wrong: `${JSON.stringify(text)} cannot be a user's name: expected letters and digits, such as root.`},
});

/** `again`: an attempt as this user has failed. */
export const askLoginChoice = async (questions: Questions, user: string, keys: readonly KeyOffer[], again: boolean): Promise<LoginChoice> => {
	const choice = await questions.choose<LoginChoice | 'other'>({
		says: `How do you log in as ${user} today?`,
		choices: [
			{label: 'With a password', note: 'the provider sent or showed it', value: {way: 'password'}},
			...keys.map(({identity, label, note}): Choice<LoginChoice> => ({label: `With the key ${label}`, ...(note !== undefined && {note}), value: {way: 'key', identity}})),
			{label: keys.length === 0 ? 'With a key' : 'With a key in another file', ...(keys.length === 0 && {note: 'you say in which file it is'}), value: 'other'},
			...(again ? [{label: 'As another user', note: `if ${user} is not the right one`, value: {way: 'as-another'} as const}] : []),
		],
		default: 1,
	});
	return choice === 'other'
		? {way: 'key', identity: await questions.text<string>({says: 'Where is the private key?', explain: 'A file such as ~/.ssh/id_ed25519, without .pub.', read: text => ({value: text})})}
		: choice;
};

/** What to type in the provider's console to see a key's fingerprint. */
export const compareCommand = (kind: string): string => `ssh-keygen -lf /etc/ssh/ssh_host_${/ed25519|ecdsa|rsa/.exec(kind)?.[0] ?? 'ed25519'}_key.pub`;

/** Sentences, broken into lines; what is to be compared or typed stands by itself, and broken nowhere but between words. */
const told = ({columns}: Theme, lines: readonly string[]): readonly string[] => lines.flatMap(text => indent(text.trimStart(), columns, text.startsWith(' ') ? ' '.repeat(3) : ' ')).map(line => line.trimEnd());

/** A server never seen before shows its key. */
export const askHostKey = async (questions: Questions, place: string, kind: string, fingerprint: string): Promise<boolean> => questions.choose({
	about: theme => told(theme, [
		`${place} shows this key, for the first time:`,
		`  ${cleanLine(kind)}  ${cleanLine(fingerprint)}`,
		'',
		'To be sure that nobody sits in between, compare it with what the server itself says: open your provider\'s console (a screen for your server, in the browser), log in there, and type',
		`  ${compareCommand(kind)}`,
	]),
	says: 'Is it the same?',
	choices: [
		{label: 'It is the same: go on', value: true},
		{label: 'It differs, or I want to look first: stop', value: false},
	],
});

/** A known address shows another key than before. */
export const askChangedKey = async (questions: Questions, place: string, fingerprint: string, before: readonly string[]): Promise<boolean> => questions.choose({
	about: theme => told(theme, [
		`${place} shows another key than last time.`,
		`  now      ${cleanLine(fingerprint)}`,
		...before.map(key => `  before   ${cleanLine(key)}`),
		'',
		'If you rebuilt the server, or the address belongs to another server now, that is why. If you did neither, somebody may sit in between: stop, and compare the key in your provider\'s console.',
	]),
	says: 'Another server, or rebuilt?',
	choices: [
		{label: 'Stop here', note: 'nothing was sent to it', value: false},
		{label: 'It is another one, or rebuilt: go on', note: 'it gets a record of its own', value: true},
	],
	default: 1,
});

/** A server carries a known id and keys never seen. */
export const askRestored = async (questions: Questions, name: string): Promise<'same' | 'other'> => questions.choose<'same' | 'other'>({
	says: `This server says it is ${name}, which you know, but its keys are new. A snapshot put back does that, and so does a second server made from it.`,
	choices: [
		{label: 'It is that server, put back from a snapshot', note: 'go on with its record', value: 'same'},
		{label: 'It is another server made from it', note: 'it gets a record of its own', value: 'other'},
	],
	default: 1,
});

/** Which key is to open the door from now on. */
export const askKey = async (questions: Questions, keys: readonly KeyOffer[], fresh: string | undefined): Promise<'make' | {readonly identity: string}> => {
	const choice = await questions.choose<'make' | 'other' | {readonly identity: string}>({
		says: keys.length === 0 ? 'You have no key pair yet. It is two files: the public half goes to the server, the private half stays here and proves that you are you. Enter makes one; no file of yours is changed.' : 'Which key should open the door from now on? A key is two files: the public half goes to the server, the private half stays here and proves that you are you. Enter takes the first; no file of yours is changed.',
		choices: [
			...keys.map(({identity, label, note}) => ({label, ...(note !== undefined && {note}), value: {identity}})),
			...(fresh === undefined ? [] : [{label: `Make a new one in ${fresh}`, note: 'a minute from now you own a key', value: 'make' as const}]),
			{label: 'Use a key in another file', value: 'other' as const},
		],
		default: 1,
	});
	return choice === 'other'
		? {identity: await questions.text<string>({says: 'Where is the private key?', explain: 'A file such as ~/.ssh/id_ed25519, without .pub.', read: text => ({value: text})})}
		: choice;
};
