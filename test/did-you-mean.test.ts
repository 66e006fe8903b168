import test from 'ava';
import {nearest} from '../source/did-you-mean.js';

test('the nearest word, if it is near', t => {
	t.is(nearest('admin-usr', ['admin-user', 'firewall']), 'admin-user');
	t.is(nearest('xyz', ['admin-user', 'firewall']), undefined);
});
