/**
 * The same reader for an image behind a server. It is a worker of its own because a worker has the Content-Security-Policy of its own
 * file, not the page's: only this one may ask other hosts (csp.mjs), and it is started only after the user said yes to one.
 */
import './dump.worker.ts';
