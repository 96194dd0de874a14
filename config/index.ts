export { ConfigError, loadConfig, loadPart, type Config } from './load.ts';
