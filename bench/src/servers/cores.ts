/** Which core does what: what is measured has one for itself, everything that makes it work has the other. @module */

export const serverCore = 0;
export const loadCore = 1;
