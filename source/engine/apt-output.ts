/** The packages that apt said it would install, read from its output. */
export const newPackages = (aptOutput: string): readonly string[] =>
	/The following NEW packages will be installed:\n((?: {2}.*\n)+)/.exec(aptOutput)?.[1]?.split(/\s+/).filter(Boolean) ?? [];
