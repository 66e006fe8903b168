/** A budget of the design beside what was measured. */
export type Row = {readonly what: string; readonly budget: number | undefined; readonly measured: number; readonly unit: 'ms' | 'MB' | 'kB' | '%' | 'lines' | ''; /** Where it was measured several times. */ readonly range?: {readonly least: number; readonly most: number}};

const shown = (value: number, unit: Row['unit']): string => `${value.toFixed(unit === '%' ? 1 : 0)}${unit === '' ? '' : ` ${unit}`}`;

export const lineOf = ({
	what, budget, measured, unit, range,
}: Row): string => {
	const mark = budget === undefined ? ' ' : measured <= budget ? '✔' : '✖';
	return ` ${mark} ${what.padEnd(58)} ${shown(measured, unit).padStart(9)}   ${budget === undefined ? '' : `budget ${shown(budget, unit)}`}${range ? `   (${shown(range.least, unit)} to ${shown(range.most, unit)})` : ''}`;
};
