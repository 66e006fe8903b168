/** How the firewall's step finds a server: done, fresh, or otherwise; and what it says of it. */
import step from '../../steps/20-firewall.js';
import type {OtherKind} from '../../source/facts/packet-filter/other-kind.js';
import type {Dialled, Family, Outside} from '../../source/step.js';
import {filterOf, ufwWith} from '../facts/packet-filter/kernels.js';
import {contextOn, everySystem, fileWith} from './server-infos.js';

const tuple = (family: 'v4' | 'v6', port: string, action = 'allow'): string => (family === 'v4' ? `### tuple ### ${action} tcp ${port} 0.0.0.0/0 any 0.0.0.0/0 in` : `### tuple ### ${action} tcp ${port} ::/0 any ::/0 in`);
export const rules = (family: 'v4' | 'v6', ports: readonly string[]): string => `*filter\n${ports.map(port => tuple(family, port)).join('\n')}\nCOMMIT\n`;
export const kernel = ufwWith;
export const openKernel = filterOf(':INPUT ACCEPT [0:0]', ':FORWARD ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]');
export const defaults = 'IPV6=yes\nDEFAULT_INPUT_POLICY="DROP"\n';
const sshd = {settings: new Map([['port', ['22']]])};

export const withPorts = (ports: readonly string[]) => ({
	ufwRules: fileWith('/etc/ufw/user.rules', rules('v4', ports), 0o640),
	ufwRules6: fileWith('/etc/ufw/user6.rules', rules('v6', ports), 0o640),
	ufwConf: fileWith('/etc/ufw/ufw.conf', 'ENABLED=yes\n'),
	ufwDefaults: fileWith('/etc/default/ufw', defaults),
	kernel4: kernel('v4', ports),
	kernel6: kernel('v6', ports),
	tool6: undefined as string | undefined,
	nftNames: {names: [], own: []} as {readonly names: readonly string[]; readonly own: readonly string[]; readonly broken?: string},
	others: [] as readonly OtherKind[],
	nft: [] as ReadonlyArray<string | undefined>,
	interfaces: [{interface: 'eth0', address: '203.0.113.7', bits: 24}, {interface: 'eth0', address: '2001:db8::7', bits: 64}],
	sshd,
	boots: true,
	isInstalled: true,
	override: fileWith('/etc/init/ufw.override', undefined),
});
export const holding = withPorts(['22', '80', '443']);
export const fresh = {
	...holding, ufwRules: fileWith('/etc/ufw/user.rules', rules('v4', [])), ufwRules6: fileWith('/etc/ufw/user6.rules', rules('v6', [])), ufwConf: fileWith('/etc/ufw/ufw.conf', 'ENABLED=no\n'), kernel4: openKernel, kernel6: openKernel,
};
/** An outside to which SSH's port answers so, and the others as they must. */
export const outsideThat = (ssh: Readonly<Record<Family, Dialled>>): Outside => ({
	addresses: {v4: '203.0.113.7', v6: '2001:db8::7'},
	tcp: async (family, port) => (port === 22 ? ssh[family] : 'refused'),
	offered: undefined,
	logIn: async () => ({loggedIn: true, root: true, why: '', offered: ['publickey']}),
});
export const commands = (plan: ReturnType<typeof step.plan>): string[] => plan.map(action => (action.do === 'run' ? action.argv.join(' ') : `write ${action.file.path}`));

export const c = contextOn(everySystem.find(({id}) => id === 'debian-13')!, {alsoOpen: []});
export type Facts = Parameters<typeof step.verify>[0];
export const red = (facts: Facts): string[] => step.verify(facts, c).filter(claim => 'holds' in claim && !claim.holds).map(({id}) => id);

/** The claims' `actual` by id, for those that do not hold. */
export const actual = (facts: Facts, context = c): Record<string, string> => Object.fromEntries(step.verify(facts, context).flatMap(claim => ('holds' in claim && !claim.holds ? [[claim.id, claim.actual]] : [])));
