import { t } from './words.ts';

export default defineAppConfig({
  pages: ['pages/services/index', 'pages/orders/index', 'pages/me/index'],
  subPackages: [
    { root: 'desk', pages: ['service/index', 'confirm/index', 'pay/index', 'order/index', 'refund/index'] },
    { root: 'invoices', pages: ['list/index', 'invoice/index', 'ask/index', 'titles/index', 'title/index'] },
    { root: 'accounts', pages: ['list/index', 'account/index', 'authorise/index', 'badge/index'] },
  ],
  preloadRule: { 'pages/services/index': { network: 'all', packages: ['desk'] } },
  lazyCodeLoading: 'requiredComponents',
  window: {
    navigationBarTitleText: t('app.name'),
    navigationBarBackgroundColor: '#ffffff',
    navigationBarTextStyle: 'black',
    backgroundColor: '#f4f6f8',
    backgroundTextStyle: 'dark',
  },
  tabBar: {
    color: '#5f6b7a',
    selectedColor: '#2456a6',
    backgroundColor: '#ffffff',
    borderStyle: 'white',
    list: [
      {
        pagePath: 'pages/services/index',
        text: t('tab.services'),
        iconPath: 'assets/services.png',
        selectedIconPath: 'assets/services-on.png',
      },
      {
        pagePath: 'pages/orders/index',
        text: t('tab.orders'),
        iconPath: 'assets/orders.png',
        selectedIconPath: 'assets/orders-on.png',
      },
      {
        pagePath: 'pages/me/index',
        text: t('tab.me'),
        iconPath: 'assets/me.png',
        selectedIconPath: 'assets/me-on.png',
      },
    ],
  },
});
