/** Stubs of 32 bytes; the first 8 are enough to tell. */
const STUB_BYTES = 32;
const STUBS_LOOKED_AT = 8;

/**
 * Whether a page is the hypercall page that Xen fills: stub n is `mov n,%eax; int 82; ret` in a 32-bit guest, and
 * `push %rcx; push %r11; mov n,%eax; syscall; …` in a 64-bit one (xen/arch/x86, hypercall_page_initialise).
 */
export const isHypercallPage = (page: Uint8Array): boolean =>
  page.length >= 4096 && (isStubs(page, [0xb8], [0xcd, 0x82, 0xc3]) || isStubs(page, [0x51, 0x41, 0x53, 0xb8], [0x0f, 0x05]));

function isStubs(page: Uint8Array, before: readonly number[], after: readonly number[]): boolean {
  for (let stub = 0; stub < STUBS_LOOKED_AT; stub++) {
    const expected = [...before, stub, 0, 0, 0, ...after];
    if (!expected.every((byte, at) => page[stub * STUB_BYTES + at] === byte)) return false;
  }
  return true;
}
