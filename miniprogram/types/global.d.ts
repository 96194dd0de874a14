/// <reference types="@tarojs/taro" />

declare module '*.scss';
declare module '*.png' {
  const address: string;
  export default address;
}

/** Set when the mini-program is built (config/index.ts). */
declare const API_ORIGIN: string;
