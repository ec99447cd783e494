/** Real Azurite for the tests of one file: start it in `beforeAll`, close it in `afterAll`. */
export { type Storage as Azurite, startStorage as startAzurite } from '../playground/storage';
