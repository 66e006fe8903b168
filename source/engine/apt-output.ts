/** What apt prints for programs to read. Pure. */

/** The packages that apt said it would install, read from its output. */
export const newPackages = (aptOutput: string): readonly string[] =>
	/The following NEW packages will be installed:\n((?: {2}.*\n)+)/.exec(aptOutput)?.[1]?.split(/\s+/).filter(Boolean) ?? [];

/** Has apt tell how far it is, in lines among what it prints to standard error (apt 1.0 to 3.0, README.progress-reporting). */
export const tellsProgress = ['-o', 'APT::Status-Fd=2'] as const;

/** What apt is at. */
type At = 'reading' | 'fetching' | 'installing';

/** How far the action is that apt is called for. `share`: of the whole of it, from 0 to 1, in hundredths. */
export type AptProgress = {readonly share: number; readonly at: At; readonly package?: string};

/** A line of progress; what a package's own script prints may stand before it, without an end of its own. */
const statusLine = /(?<kind>dlstatus|pmstatus|pmerror):(?<item>[^:\n]*):(?<percent>\d+(?:\.\d+)?):[^\n]*(?:\n|$)/gv;

/** Where in the whole each part is taken to stand, from and to: apt counts each of them from 0 to 100. */
const spans: Readonly<Record<At, readonly [number, number]>> = {reading: [0, 0.1], fetching: [0.1, 0.4], installing: [0.4, 1]};

const progressOf = ({kind, item, percent}: Record<string, string>, fetching: At): AptProgress | undefined => {
	// What went wrong stands in words below.
	if (kind === 'pmerror') {
		return undefined;
	}

	const at = kind === 'dlstatus' ? fetching : 'installing';
	const [from, to] = spans[at];
	const share = from + ((to - from) * Math.min(1, Number(percent) / 100));
	return {share: Math.round(share * 100) / 100, at, ...(at === 'installing' && item !== 'dpkg-exec' && {package: item!})};
};

/** What apt printed to standard error, for people. */
export const withoutProgress = (err: string): string => err.replaceAll(statusLine, '');

/** Parts apt's standard error, as it comes, into what is for people and how far it is: at most once for each percent, and never less than before. `fetching`: what that is to the one who called it. */
export const readProgress = (fetching: 'reading' | 'fetching'): {readonly hear: (text: string) => {readonly text: string; readonly progress: AptProgress | undefined}; readonly end: () => string} => {
	let rest = '';
	let told = -1;
	return {
		hear(text) {
			const all = rest + text;
			const end = all.lastIndexOf('\n') + 1;
			rest = all.slice(end);
			const lines = all.slice(0, end);
			const last = [...lines.matchAll(statusLine)].map(({groups}) => progressOf(groups!, fetching)).findLast(one => one !== undefined);
			const share = last?.share ?? -1;
			const isNews = share > told;
			told = Math.max(told, share);
			return {text: withoutProgress(lines), progress: isNews ? last : undefined};
		},
		end: () => withoutProgress(rest),
	};
};
