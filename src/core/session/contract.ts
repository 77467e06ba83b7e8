/**
 * What a session answers, as plain data that crosses a worker boundary unchanged (structured clone).
 * Numbers: frames and machine addresses are plain numbers here (< 2^53, exact); a virtual address is (page, offset).
 * The page's views are functions of these and of a `Place`; they never see a dump's bytes except through `readPages`.
 */
export type { TextAnnotation, TextPlace } from '#core/formats/text/annotation.ts';
export * from './contract/atlas.ts';
export * from './contract/bytes.ts';
export * from './contract/explanation.ts';
export * from './contract/file-place.ts';
export * from './contract/file-text.ts';
export * from './contract/frame.ts';
export * from './contract/image.ts';
export * from './contract/m2p.ts';
export * from './contract/pfn-slips.ts';
export * from './contract/process-text.ts';
export * from './contract/questions.ts';
export * from './contract/readings.ts';
export * from './contract/region-text.ts';
export * from './contract/table.ts';
export * from './contract/walk.ts';
export * from './contract/xen.ts';
