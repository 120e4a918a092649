/** The key of each role's name in the texts. */
export const ROLE_WORDS = { admin: 'roleAdmin', manager: 'roleManager', analyst: 'roleAnalyst', customer: 'roleCustomer' } as const;
