/** Id of the address box's input, by which G finds it. */
export const ADDRESS_INPUT = 'address-input';
