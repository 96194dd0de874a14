module.exports = {
  presets: [['taro', { framework: 'react', ts: true, compiler: 'webpack5' }]],
  plugins: [
    [
      'import',
      {
        libraryName: '@nutui/nutui-react-taro',
        style: 'css',
        customName: (name) => `@nutui/nutui-react-taro/dist/es/packages/${name.replaceAll('-', '')}`,
      },
      'nutui',
    ],
  ],
};
