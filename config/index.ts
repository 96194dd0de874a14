export { ConfigError, loadConfig, type Config } from './load.ts';
