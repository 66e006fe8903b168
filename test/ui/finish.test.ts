import test from 'ava';
import {inPlainWords} from '../../source/facts/programs.js';
import type {Verdict} from '../../source/engine/events.js';
import {finishLines} from '../../source/ui/finish.js';
import {plainTheme} from '../../source/ui/theme.js';
import {noRun, type RunState} from '../../source/ui/run-state.js';

const ending = {
	name: '203.0.113.7', logIn: undefined, card: undefined, identity: undefined,
};
const finished = (...claims: readonly Verdict[]): string => finishLines({...noRun, steps: [{phase: 'Proof', title: 'a', ended: 'holds', claims}] as unknown as RunState['steps']}, ending, plainTheme).join('\n');
const claim = (id: string): Verdict => ({
	id, says: `${id} is closed`, holds: true, expected: '', actual: '', by: 'outside',
});

test('whoever reads of ports is told what one is, and what closed means', t => {
	t.regex(finished(claim('a-firewall'), claim('port-3306-v4')), /port-3306-v4 is closed\n +A port is a door[^.]*\.\s+The program behind a closed one still\s+runs, and cannot be reached/);
	t.notRegex(finished(claim('mail')), /A port is/);
});

test('a program has plain words beside its name, where there are any', t => {
	t.is(inPlainWords('mysqld'), 'mysqld, a database');
	t.is(inPlainWords('something'), 'something');
	t.is(inPlainWords('constructor'), 'constructor');
});
