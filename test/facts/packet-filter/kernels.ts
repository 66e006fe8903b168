/** Kernels to try rules in: what a real trixie's iptables-save said, and what ufw has when ports are on its list. */
import {readFileSync} from 'node:fs';
import {noTables, tablesIn, type Tables} from '../../../source/facts/packet-filter/tables.js';
import type {Family} from '../../../source/step.js';

const saved = (name: string): string => readFileSync(new URL(`../../../../snapshots/facts/debian-13-docker/${name}.txt`, import.meta.url), 'utf8');

/** A trixie with ufw, on whose list are 22 and 80, and Docker 26.1 with three containers: 8080 and 8443 are published on all addresses, 5432 on 127.0.0.1. */
export const withDocker: Readonly<Record<Family, Tables>> = {v4: tablesIn(saved('iptables-save')), v6: tablesIn(saved('ip6tables-save'))};

/** Rules of the table filter alone, in text as `iptables-save` has it. */
export const filterOf = (...lines: readonly string[]): Tables => tablesIn(['*filter', ...lines, 'COMMIT', ''].join('\n'));

/** What ufw of a trixie makes of a list. `first` stands in front of ufw's rules in INPUT, with its `chains`; `own` in ufw's chain for its list, before what the list has. */
export const ufwWith = (family: Family, ports: ReadonlyArray<number | string>, {first = [], own = [], chains = []}: {readonly first?: readonly string[]; readonly own?: readonly string[]; readonly chains?: readonly string[]} = {}): Tables => {
	const {policies, chains: known, rules} = withDocker[family].filter!;
	const list = `-A ${family === 'v4' ? 'ufw' : 'ufw6'}-user-input `;
	const isDockers = (text: string): boolean => /DOCKER|docker0|br-/.test(text);
	return {
		...noTables,
		filter: {
			policies,
			chains: [...known.filter(name => !isDockers(name)), ...chains],
			rules: [...first, ...rules.filter(rule => !isDockers(rule) && !rule.startsWith(list)), ...own, ...ports.map(port => `${list}-p tcp -m tcp --dport ${port} -j ACCEPT`)],
		},
	};
};
