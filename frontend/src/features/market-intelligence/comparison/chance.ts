/** From here on a difference may be chance. */
export const LEVEL = 0.05;
