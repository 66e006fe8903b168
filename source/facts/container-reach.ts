/** How far containers get, and who gets to them: for each of Docker's networks, as the kernel's rules say. */
import type {InterfaceAddress} from './addresses.js';
import {
	containersIn, networksOf, type ContainerNetwork, type DockersWord,
} from './container-networks.js';
import {
	callAcross, callOut, callWithin, isMasked, sendStraight, type PlaceOfContainers,
} from './packet-filter/containers.js';
import type {Fate} from './packet-filter/fate.js';
import type {Door} from './packet-filter/strangers.js';
import type {Tables} from './packet-filter/tables.js';

type Facts = {readonly kernel4: Tables; readonly interfaces: readonly InterfaceAddress[]; readonly bridges: readonly string[]; readonly forwarding: boolean; /** Whether what a bridge passes on meets the rules. */ readonly asksForBridges: boolean; readonly networks?: ReadonlyArray<readonly DockersWord[]>};

/** What is not as it should be: of which networks, and by which rule; and the first that cannot be judged. */
export type Findings = {readonly wrong: ReadonlyArray<{readonly name: string; readonly by: string}>; readonly doubt: string | undefined};

/** The networks, as far as their addresses are known. Over IPv6 Docker has none unless told to. */
export const containerNetworks = ({interfaces, bridges, networks}: Omit<Facts, 'kernel4' | 'forwarding' | 'asksForBridges'>): readonly ContainerNetwork[] => networksOf(interfaces, bridges, networks?.[0] ?? []);

const placeOf = (network: ContainerNetwork): PlaceOfContainers => {
	const [container, other] = containersIn(network);
	return {bridge: network.bridge, container, other};
};

const called = ({word, bridge}: ContainerNetwork): string => word?.name ?? bridge;

type Judged = {readonly name: string; readonly fate: Fate};
const findings = (all: readonly Judged[], wants: 'in' | 'out'): Findings => ({
	wrong: all.flatMap(({name, fate}) => ('end' in fate && (fate.end === 'in') !== (wants === 'in') ? [{name, by: fate.by}] : [])),
	doubt: all.flatMap(({fate}) => ('unknown' in fate ? [fate.unknown] : []))[0],
});

/** Networks that are to have a way out to the world: all but those made without one. */
const outgoing = (facts: Facts): readonly ContainerNetwork[] => containerNetworks(facts).filter(({word}) => word?.isInternal !== true);

/** Networks whose packets leave under an address of their own, which no answer finds. */
export const unmasked = (facts: Facts, door: Door): readonly ContainerNetwork[] => outgoing(facts).filter(network => isMasked(facts.kernel4, placeOf(network), door) === false);

/** Networks whose containers do not get out to the world, or hear no answer. */
export const shutIn = (facts: Facts, door: Door): Findings => {
	const lost = new Set(unmasked(facts, door).map(({bridge}) => bridge));
	return findings(outgoing(facts).map(network => {
		const fate = callOut(facts.kernel4, placeOf(network), door, facts.forwarding);
		const isOut = 'end' in fate && fate.end === 'in';
		if (!isOut) {
			return {name: called(network), fate};
		}

		const doubt = isMasked(facts.kernel4, placeOf(network), door) === undefined;
		return {
			name: called(network),
			fate: lost.has(network.bridge) ? {end: 'dropped', by: 'what it sends leaves under an address that no answer finds'} : doubt ? {unknown: 'a rule about the address that packets leave under cannot be judged from here'} : fate,
		};
	}), 'in');
};

/** Networks whose containers do not reach each other; those made so are left aside. */
export const divided = (facts: Facts): Findings => {
	const asked = facts.asksForBridges ? containerNetworks(facts).filter(({word}) => word?.talks !== false) : [];
	return findings(asked.map(network => ({name: called(network), fate: callWithin(facts.kernel4, placeOf(network))})), 'in');
};

/** Networks from which another is reached. */
export const mixed = (facts: Facts): Findings => {
	const all = containerNetworks(facts);
	return findings(all.flatMap(here => all.filter(there => there !== here).map(there => ({name: `${called(here)} to ${called(there)}`, fate: callAcross(facts.kernel4, placeOf(here), placeOf(there))}))), 'out');
};

/** Networks to whose containers somebody on the server's own network gets with packets sent straight there. */
export const exposed = (facts: Facts, door: Door): Findings => findings(containerNetworks(facts).map(network => ({name: called(network), fate: sendStraight(facts.kernel4, placeOf(network), door, facts.forwarding)})), 'out');
