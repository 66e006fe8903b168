import test from 'ava';
import {judgeAsked, leadsToUfw} from '../../source/facts/ufw-chains.js';
import type {Tables} from '../../source/facts/packet-filter/tables.js';
import {filterOf, ufwWith, withDocker} from './packet-filter/kernels.js';

const kernels = {kernel4: ufwWith('v4', [22]), kernel6: ufwWith('v6', [22])};
const dropping = (tables: Tables, gone: (rule: string) => boolean): Tables => ({...tables, filter: {...tables.filter!, rules: tables.filter!.rules.filter(rule => !gone(rule))}});
const typedIn = (kernel4: Tables): ReadonlyArray<readonly [string, unknown]> => leadsToUfw('v4', {...kernels, kernel4}).actions.map(action => (action.do === 'run' ? [action.argv.join(' '), action.undo] : ['', '']));
const saidOf = (kernel4: Tables): string => {
	const claim = judgeAsked(['v4', 'v6'], {...kernels, kernel4});
	return 'holds' in claim ? claim.actual : '';
};

test('a ufw that is asked about everything needs no mending, beside Docker either', t => {
	for (const kernel4 of [kernels.kernel4, withDocker.v4]) {
		t.is(saidOf(kernel4), 'about all');
		t.deepEqual(typedIn(kernel4), []);
	}
});

test('where its chains are not there it is asked about nothing, and makes the way to them with them', t => {
	for (const kernel4 of [filterOf(':INPUT ACCEPT [0:0]'), {...kernels.kernel4, filter: undefined}]) {
		t.is(saidOf(kernel4), 'not about anything over IPv4');
		t.deepEqual(typedIn(kernel4), []);
	}
});

test('one jump that is missing is put back where it was', t => {
	const kernel4 = dropping(kernels.kernel4, rule => rule === '-A INPUT -j ufw-before-input');
	t.is(saidOf(kernel4), 'not about what comes in over IPv4');
	t.deepEqual(typedIn(kernel4), [['iptables -I INPUT 2 -j ufw-before-input', [['iptables', '-D', 'INPUT', '-j', 'ufw-before-input']]]]);
});

test('a first one goes before those that come after it, behind what others put there', t => {
	const kernel4 = dropping(withDocker.v4, rule => rule === '-A FORWARD -j ufw-before-logging-forward');
	const others = withDocker.v4.filter!.rules.filter(rule => rule.startsWith('-A FORWARD')).findIndex(rule => rule.includes('ufw-'));
	t.deepEqual(typedIn(kernel4).map(([command]) => command), [`iptables -I FORWARD ${others + 1} -j ufw-before-logging-forward`]);
});

test('where a chain was emptied all its jumps come back in order', t => {
	const kernel4 = dropping(kernels.kernel4, rule => rule.startsWith('-A OUTPUT '));
	t.is(saidOf(kernel4), 'not about what goes out over IPv4');
	t.deepEqual(typedIn(kernel4).map(([command]) => command), ['before-logging', 'before', 'after', 'after-logging', 'reject', 'track'].map(place => `iptables -A OUTPUT -j ufw-${place}-output`));
	t.false(leadsToUfw('v4', {...kernels, kernel4}).remakes);
});

test('where all was emptied ufw is made to begin anew', t => {
	const kernel6 = dropping(kernels.kernel6, () => true);
	const {actions, remakes} = leadsToUfw('v6', {...kernels, kernel6});
	t.true(remakes);
	t.deepEqual(actions.map(action => (action.do === 'run' ? [action.argv, action.undo] : [])), [[['ip6tables', '-X', 'ufw6-before-logging-input'], [['ip6tables', '-N', 'ufw6-before-logging-input']]]]);
});
