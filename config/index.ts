export { ConfigError, faultsInProduction, loadConfig, loadPart, speaksToWechat, type Config } from './load.ts';
