import fc from 'fast-check';

/** Developers draw new cases at every run; CI draws the same ones, so that a red run there is always of the change's making. */
if (process.env['CI']) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20061116 });
