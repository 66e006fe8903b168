import {claimLines} from './claim-lines.js';
import {mark, type Theme} from './theme.js';
import {isOpen} from './run-results.js';
import type {RunState} from './run-state.js';
import {indent, list} from './words.js';

export type Ending = {
	readonly name: string;
	/** The command that logs in from now on, if the key is on the server. */
	readonly logIn: string | undefined;
	readonly card: string | undefined;
	readonly identity: string | undefined;
};

/** What a port is, to whoever reads of one for the first time. */
const doors = 'A port is a door with a number, and in brackets stands the program behind it. The program behind a closed one still runs, and cannot be reached from where you sit.';

/** How things stand at the end: what is open, what comes next, the way in. */
export const finishLines = ({steps, practice}: RunState, {name, logIn, card, identity}: Ending, theme: Theme): readonly string[] => {
	const {columns, paint, program} = theme;
	const open = steps.filter(step => isOpen(step));
	const proof = steps.filter(({phase, claims}) => phase === 'Proof' && claims.some(({by}) => by === 'outside')).flatMap(({claims}) => claims);
	// What is printed last stands on the screen, however low that is.
	return [
		...(proof.length > 0 ? ['', ' What can be seen from outside:', ...proof.flatMap(claim => claimLines(claim, theme)), ...(proof.some(({id}) => id.startsWith('port-')) ? indent(doors, columns, ' '.repeat(3)) : [])] : []),
		'',
		' Next:',
		...indent(`${program} check ${name}   looks whether all of it still holds`, columns, ' '.repeat(5), ' '.repeat(3)),
		...(open.length > 0 ? indent(`${program} ${name}   goes on where you stopped`, columns, ' '.repeat(5), ' '.repeat(3)) : []),
		...(practice ? indent(`${program.replace(/ --$/, '')}   then "Set up my own server": the same, for real`, columns, ' '.repeat(5), ' '.repeat(3)) : []),
		...(card === undefined ? [] : ['', ...indent(`Keep the rescue card: ${card}`, columns, '   ', ' ')]),
		'',
		open.length === 0
			? ` ${mark('holds', theme)} ${paint.bold(practice ? 'The practice droplet is set up.' : `${name} is set up.`)}`
			: ` ${mark('todo', theme)} ${paint.bold(`${list(open.map(({title}) => title))}: still to do.`)}`,
		...(logIn === undefined
			? []
			: [
				practice ? ' On a real server you would log in from now on with:' : ' Log in from now on with:',
				`   ${paint.bold(logIn)}`,
				...(practice || identity === undefined || /^agent(?::|$)/.test(identity) ? [] : indent(`Your key is ${identity}. Whoever has that file can log in: keep a copy in a safe place.`, columns, ' ')),
			]),
		'',
	];
};
