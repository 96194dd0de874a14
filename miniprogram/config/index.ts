import path from 'node:path';
import { defineConfig } from '@tarojs/cli';

/** Where the mini-program finds the server; the browser build asks the origin that served it. */
const apiOrigin = process.env.TARO_APP_API_ORIGIN || 'http://127.0.0.1:8700';

/** What phone and server agree on lies outside this folder and is TypeScript, so it must be compiled along. */
const contracts = path.resolve(process.cwd(), '../src/contracts');

export default defineConfig<'webpack5'>({
  projectName: 'tongban',
  // Without a meaning here, since nothing is converted, but the browser build insists on them.
  designWidth: 375,
  deviceRatio: { 375: 2, 750: 1 },
  sourceRoot: 'src',
  outputRoot: `dist/${process.env.TARO_ENV}`,
  framework: 'react',
  compiler: 'webpack5',
  defineConstants: { API_ORIGIN: JSON.stringify(apiOrigin) },
  mini: {
    compile: { include: [contracts] },
    // A pixel is a pixel on every width; text grows with --scale instead (see app.scss).
    postcss: { pxtransform: { enable: false, config: {} } },
    miniCssExtractPluginOption: { ignoreOrder: true },
  },
  h5: {
    publicPath: '/',
    staticDirectory: 'static',
    router: { mode: 'hash' },
    // One script for all pages: whoever loses the network, or meets a new release, can still go from page to page.
    webpackChain(chain, webpack) {
      chain.plugin('oneChunk').use(webpack.optimize.LimitChunkCountPlugin, [{ maxChunks: 1 }]);
      chain.performance.hints(false);
    },
    compile: { include: [contracts] },
    output: { filename: 'js/[name].[contenthash:8].js', chunkFilename: 'js/[name].[contenthash:8].js' },
    miniCssExtractPluginOption: {
      ignoreOrder: true,
      filename: 'css/[name].[contenthash:8].css',
      chunkFilename: 'css/[name].[contenthash:8].css',
    },
    postcss: { pxtransform: { enable: false, config: {} }, autoprefixer: { enable: true, config: {} } },
  },
});
