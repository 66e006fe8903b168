import test from 'ava';
import type {ServerRecord} from '../../source/record/server-record.js';
import {noRun, type RunState} from '../../source/ui/run-state.js';
import {keepState} from '../../source/run/engine-run.js';

test('a step of which something is unknown is not written down as one that held', async t => {
	const stood: Array<Parameters<ServerRecord['stand']>[0]> = [];
	const record = {
		folder: '/somewhere', async stand(one: Parameters<ServerRecord['stand']>[0]) {
			stood.push(one);
		},
	} as ServerRecord;
	const steps = [['a', 'holds', []], ['b', 'unknown', [{id: 'c', says: 'c', unknown: 'nobody looked', by: 'server'}]], ['c', 'false', []], ['d', 'unavailable', []]].map(([step, ended, claims]) => ({step, ended, claims}));
	await keepState(record, {...noRun, order: [1, 2, 3, 4].map(number => ({step: String(number), title: '', phase: 'Harden' as const})), steps: steps as unknown as RunState['steps']});
	t.deepEqual(stood, [{
		steps: 3, held: 1, notHeld: 1, unknowns: 1, holding: ['a'],
	}]);
});
