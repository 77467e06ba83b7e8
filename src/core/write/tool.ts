/** How files that are written name their maker; the version is that of package.json. */
export const TOOL = 'pagewalk 0.1.0';
