declare const brand: unique symbol;

/**
 * A number that remembers what it measures. Costs nothing at run time; `MachineAddress` and `VirtualPage`
 * no longer pass for one another.
 */
export type Branded<Name extends string> = number & { readonly [brand]: Name };
