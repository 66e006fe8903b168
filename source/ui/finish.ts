import {claimLines} from './claims.js';
import {mark, type Look} from './look.js';
import type {Progress} from './progress.js';
import {indent, list} from './words.js';

export type Ending = {
	readonly name: string;
	/** The command that logs in from now on, if the key is on the server. */
	readonly logIn: string | undefined;
	readonly card: string | undefined;
	readonly identity: string | undefined;
};

/** How things stand at the end: the way in, what is open, what comes next. */
export const finishLines = ({steps, practice}: Progress, {name, logIn, card, identity}: Ending, look: Look): readonly string[] => {
	const {columns, paint} = look;
	const open = steps.filter(({ended}) => ended !== 'holds' && ended !== 'unknown');
	const proof = steps.filter(({phase}) => phase === 'Proof').flatMap(({claims}) => claims);
	return [
		'',
		open.length === 0
			? ` ${mark('holds', look)} ${paint.bold(practice ? 'The practice droplet is set up.' : `${name} is set up.`)}`
			: ` ${mark('todo', look)} ${paint.bold(`${list(open.map(({title}) => title))}: still to do.`)}`,
		...(logIn === undefined
			? []
			: [
				'',
				practice ? ' On a real server you would log in from now on with:' : ' Log in from now on with:',
				`   ${paint.bold(logIn)}`,
				...(practice || identity === undefined || /^agent(?::|$)/.test(identity) ? [] : indent(`Your key is ${identity}. Whoever has that file can log in: keep a copy in a safe place.`, columns, ' ')),
			]),
		...(proof.length > 0 ? ['', ' What can be seen from outside:', ...proof.flatMap(claim => claimLines(claim, look))] : []),
		'',
		' Next:',
		...indent(`dropwise check ${name}   looks whether all of it still holds`, columns, ' '.repeat(5), ' '.repeat(3)),
		...(open.length > 0 ? indent(`dropwise ${name}   goes on where you stopped`, columns, ' '.repeat(5), ' '.repeat(3)) : []),
		...(practice ? indent('dropwise   and choosing 2 does the same on a server of your own', columns, ' '.repeat(5), ' '.repeat(3)) : []),
		...(card === undefined ? [] : ['', ...indent(`Keep the rescue card: ${card}`, columns, '   ', ' ')]),
		'',
	];
};
