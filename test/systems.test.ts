import test from 'ava';
import {recognise, systems} from '../source/systems.js';

const release = (id: string, version: string, pretty = `${id} ${version}`): string => `PRETTY_NAME="${pretty}"\nID=${id}\n${version === '' ? '' : `VERSION_ID="${version}"\n`}`;

for (const system of systems) {
	test(`${system.name} is recognised`, t => {
		const [family = '', version = ''] = system.id.split('-');
		t.is(recognise(release(family, version)), system);
	});
}

test('a newer release is taken for the newest row, and says so', t => {
	t.like(recognise(release('ubuntu', '28.04', 'Ubuntu 28.04 LTS')), {name: 'Ubuntu 28.04 LTS', takenFor: 'Ubuntu 26.04', sshDropIns: true});
	t.like(recognise(release('debian', '', 'Debian GNU/Linux forky/sid')), {takenFor: 'Debian 13'});
});

test('a release between two rows is taken for the older', t => {
	t.like(recognise(release('ubuntu', '16.10')), {takenFor: 'Ubuntu 16.04'});
});

test('an older or foreign system is refused with a reason', t => {
	t.like(recognise(release('ubuntu', '12.04', 'Ubuntu 12.04')), {refused: 'This server says it is Ubuntu 12.04, which is older than dropwise knows: Ubuntu 14.04 is the oldest.'});
	t.like(recognise(release('rhel', '9.4', 'Red Hat Enterprise Linux 9.4')), {refused: 'This server says it is Red Hat Enterprise Linux 9.4; dropwise knows Debian 11 and newer, and Ubuntu 14.04 and newer.'});
	t.true('refused' in recognise(''));
});
